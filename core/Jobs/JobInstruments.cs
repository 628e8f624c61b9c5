using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace Quiver.Core.Jobs;

/// <summary>Metrics and traces of jobs.</summary>
public sealed class JobInstruments
{
    /// <summary>The name of the meter and of the activity source.</summary>
    public const string Name = "Quiver.Jobs";

    private readonly Counter<long> _documents;
    private readonly Counter<long> _chunks;
    private readonly Counter<long> _tokens;
    private readonly Counter<long> _points;
    private readonly Counter<long> _transitions;
    private readonly Counter<long> _stalls;
    private readonly Histogram<double> _batchDuration;
    private readonly UpDownCounter<long> _active;

    /// <summary>Creates the instruments.</summary>
    public JobInstruments(IMeterFactory meters)
    {
        ArgumentNullException.ThrowIfNull(meters);
        var meter = meters.Create(Name);
        _documents = meter.CreateCounter<long>("quiver.job.documents", "{document}", "Documents finished, by outcome.");
        _chunks = meter.CreateCounter<long>("quiver.job.chunks", "{chunk}", "Chunks stored.");
        _tokens = meter.CreateCounter<long>("quiver.job.tokens", "{token}", "Tokens of the chunks stored.");
        _points = meter.CreateCounter<long>("quiver.job.points", "{point}", "Points written or deleted.");
        _transitions = meter.CreateCounter<long>("quiver.job.transitions", "{transition}", "Changes of a job's state.");
        _stalls = meter.CreateCounter<long>("quiver.job.stalls", "{stall}", "Waits and silences that stopped a job's progress.");
        _batchDuration = meter.CreateHistogram(
            "quiver.batch.duration",
            "s",
            "Time from a batch's start to its acknowledgement.",
            tags: null,
            advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30] });
        _active = meter.CreateUpDownCounter<long>("quiver.job.active", "{job}", "Jobs that this silo works on.");
    }

    /// <summary>The source of job and batch spans.</summary>
    public static ActivitySource Activities { get; } = new(Name);

    /// <summary>Records an acknowledged batch.</summary>
    /// <param name="counters">What it did.</param>
    /// <param name="duration">How long it took.</param>
    public void BatchFinished(JobCounters counters, TimeSpan duration)
    {
        ArgumentNullException.ThrowIfNull(counters);
        Add(_documents, counters.Stored, "outcome", "stored");
        Add(_documents, counters.Unchanged, "outcome", "unchanged");
        Add(_documents, counters.Failed, "outcome", "failed");
        Add(_documents, counters.Superseded, "outcome", "superseded");
        Add(_points, counters.PointsWritten, "operation", "write");
        Add(_points, counters.PointsDeleted, "operation", "delete");
        _chunks.Add(counters.Chunks);
        _tokens.Add(counters.Tokens);
        _batchDuration.Record(duration.TotalSeconds);
    }

    /// <summary>Records that a job entered a state.</summary>
    public void Entered(JobState state) => Add(_transitions, 1, "state", state.InWords());

    /// <summary>Records that a job stopped making progress.</summary>
    /// <param name="code">Why.</param>
    public void Stalled(string code) => Add(_stalls, 1, "error.type", code);

    /// <summary>Records that this silo started (1) or stopped (−1) working on a job.</summary>
    /// <param name="change">The difference.</param>
    public void ActiveChanged(int change) => _active.Add(change);

    private static void Add(Counter<long> counter, long value, string key, string tag)
    {
        if (value > 0)
        {
            counter.Add(value, new KeyValuePair<string, object?>(key, tag));
        }
    }
}
