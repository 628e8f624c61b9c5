using Quiver.Core.Jobs;
using Quiver.Core.Resilience;
using Quiver.Core.Sources;
using Quiver.Tests.Support;

namespace Quiver.Tests.Unit.Core.Jobs;

/// <summary>A pump over a script, with a clock that the test moves.</summary>
internal sealed class PumpRig : IDisposable
{
    public ManualTimeProvider Time { get; } = new();

    public PumpSettings Settings { get; init; } = new(MaxInFlight: 2, BatchDocuments: 1, BatchCharacters: 1000, MaxAttempts: 3, TimeSpan.FromSeconds(1));

    public required ScriptedSource Source { get; init; }

    public required ScriptedHost Host { get; init; }

    public SourceCursor From { get; init; } = SourceCursor.Start;

    public RunStop Stop { get; } = new();

    public Random Random { get; init; } = new(1);

    public Task<PumpEnd> RunAsync()
    {
        var retries = new RetrySchedule(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(8), Random);
        return new IngestionPump(Settings, Source, From, JobCounters.Zero, Host, retries, Time).RunAsync(Stop);
    }

    public void Dispose() => Stop.Dispose();
}
