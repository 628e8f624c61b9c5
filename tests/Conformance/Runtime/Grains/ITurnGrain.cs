using Orleans;
using Orleans.Concurrency;

namespace Quiver.Tests.Conformance.Runtime.Grains;

/// <summary>Methods write <c>name&lt;</c>, wait for the gate of their name, and write <c>name&gt;</c>.</summary>
internal interface ITurnGrain : IGrainWithStringKey
{
    Task RunAsync(string name);

    [ReadOnly]
    Task ReadAsync(string name);

    [AlwaysInterleave]
    Task InterleaveAsync(string name);

    [OneWay]
    Task FireAsync(string name);

    [OneWay]
    Task FireAndFailAsync(string name);

    [ResponseTimeout("00:00:05")]
    Task RunBrieflyAsync(string name);

    Task RunCancellableAsync(string name, CancellationToken cancellationToken = default);

    Task RunDeafAsync(string name, CancellationToken cancellationToken = default);

    Task StartBackgroundAsync(string name);

    Task<int> CountTurnsAsync(int spins);

    Task<bool> StaysOnSchedulerAsync();

    Task CallAsync(string other, string name);

    Task CallSelfAsync();

    Task NothingAsync();

    Task<string> WhoAmIAsync();

    Task IntroduceToAsync(string other);

    Task<string> AskAsync(ITurnGrain other);

    Task<string?> TraceAsync();

    Task StartTracingTimerAsync(TimeSpan due);
}
