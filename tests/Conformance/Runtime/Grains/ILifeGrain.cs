using Orleans;
using Orleans.Concurrency;

namespace Quiver.Tests.Conformance.Runtime.Grains;

/// <summary>Journals its activations: <c>key+1</c> when one begins, <c>key-1 Reason</c> when it ends.</summary>
internal interface ILifeGrain : IGrainWithStringKey
{
    Task<int> TouchAsync();

    Task RunAsync(string name);

    Task DeactivateAsync(string gate);

    Task DelayAsync(TimeSpan time);

    Task StartTimerAsync(string name, TimeSpan due, TimeSpan period, bool interleave = false, bool keepAlive = false);

    Task ChangeTimerAsync(TimeSpan due, TimeSpan period);

    [AlwaysInterleave]
    Task StopTimerAsync();

    Task StartFailingTimerAsync(string name, TimeSpan period);
}
