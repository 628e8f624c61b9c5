namespace Quiver.Cli.Progress;

/// <summary>Turns a job's events into honest progress: a percentage only of a known total, and nothing that goes backwards.</summary>
internal sealed class ProgressTracker
{
    private const int AlmostDone = 99;
    private readonly TimeProvider _time;
    private readonly long _startedAt;
    private readonly long _startedWith;
    private int _percent;

    public ProgressTracker(JobStatus status, TimeProvider time)
    {
        _time = time;
        _startedAt = time.GetTimestamp();
        _startedWith = status.Counters.Documents;
        Latest = Show(new() { Job = status.Id, State = status.State, Counters = status.Counters, Stall = status.StalledBecause, IsNews = true }, status.ExpectedDocuments);
    }

    /// <summary>What to show now.</summary>
    public ProgressSnapshot Latest { get; private set; }

    /// <summary>Takes an event in.</summary>
    public ProgressSnapshot Apply(JobEvent change)
    {
        // A retried job starts counting where it was; an event that fell behind must not pull the numbers back.
        var counters = change.Counters.Documents >= Latest.Counters.Documents ? change.Counters : Latest.Counters;
        var stalled = change.Kind == JobEventKind.Stalled;
        var isNews = change.State != Latest.State || stalled;
        Latest = Show(
            Latest with { State = change.State, Counters = counters, Stall = stalled ? change.Message ?? change.Code : null, IsNews = isNews },
            change.ExpectedDocuments);
        return Latest;
    }

    private ProgressSnapshot Show(ProgressSnapshot snapshot, long? total)
    {
        var documents = snapshot.Counters.Documents;
        var expected = total is > 0 && documents <= total ? total : null;
        if (expected is { } all)
        {
            _percent = Math.Max(_percent, (int)Math.Min(AlmostDone, documents * 100 / all));
        }

        if (snapshot.State.IsSuccess())
        {
            _percent = 100;
        }

        var seconds = _time.GetElapsedTime(_startedAt).TotalSeconds;
        return snapshot with
        {
            Expected = expected,
            Percent = expected is null ? null : _percent,
            DocumentsPerSecond = seconds > 0 ? (documents - _startedWith) / seconds : 0,
        };
    }
}
