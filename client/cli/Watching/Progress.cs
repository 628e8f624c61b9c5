using System.Text;
using Quiver.Cli.Output;

namespace Quiver.Cli.Watching;

/// <summary>The progress of a job at one moment.</summary>
internal sealed record ProgressSnapshot
{
    public required JobState State { get; init; }

    public required JobCounters Counters { get; init; }

    /// <summary>Documents in the source; null when unknown or known to be wrong.</summary>
    public long? Expected { get; init; }

    /// <summary>0 to 100; null when the total is unknown. Never decreases, and is 100 only when the job is done.</summary>
    public int? Percent { get; init; }

    /// <summary>The rate over the last half minute of the watch; 0 at first.</summary>
    public double DocumentsPerSecond { get; init; }

    /// <summary>How long the rest takes at this rate; null when the rate or the total is unknown.</summary>
    public TimeSpan? TimeLeft { get; init; }

    /// <summary>Why the job makes no progress; null while it does.</summary>
    public string? Stall { get; init; }

    /// <summary>Whether to show this snapshot even right after another one.</summary>
    public bool IsNews { get; init; }
}

/// <summary>Computes a job's progress from its events: a percentage only of a known total, and no value that goes backwards.</summary>
internal sealed class ProgressTracker
{
    private const int AlmostDone = 99;
    private readonly RecentRate _rate;
    private int _percent;

    public ProgressTracker(JobStatus status, TimeProvider time)
    {
        _rate = new RecentRate(time, status.Counters.Documents);
        Latest = Complete(new() { State = status.State, Counters = status.Counters, Stall = status.StalledBecause, IsNews = true }, status.ExpectedDocuments);
    }

    public ProgressSnapshot Latest { get; private set; }

    /// <summary>Applies an event.</summary>
    public ProgressSnapshot Apply(JobEvent change)
    {
        // A retried job counts from where it was; a late event must not reduce the numbers.
        var counters = change.Counters.Documents >= Latest.Counters.Documents ? change.Counters : Latest.Counters;
        var stalled = change.Kind == JobEventKind.Stalled;
        var isNews = change.State != Latest.State || stalled;
        Latest = Complete(
            Latest with { State = change.State, Counters = counters, Stall = stalled ? change.Message ?? change.Code : null, IsNews = isNews },
            change.ExpectedDocuments);
        return Latest;
    }

    private ProgressSnapshot Complete(ProgressSnapshot snapshot, long? total)
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

        _rate.Add(documents);
        return snapshot with
        {
            Expected = expected,
            Percent = expected is null ? null : _percent,
            DocumentsPerSecond = _rate.PerSecond,
            TimeLeft = _rate.TimeFor(expected - documents),
        };
    }
}

/// <summary>Formats progress as one line.</summary>
internal static class ProgressLine
{
    /// <summary>Such as <c>running: 512 of 900 documents (56 %), 1,204 chunks, 3 failed, 45.2 documents/s, 3 min left</c>.</summary>
    public static string Write(ProgressSnapshot progress)
    {
        var documents = progress.Counters.Documents;
        var total = progress.Expected is { } expected
            ? $"{Quantities.Count(documents)} of {Quantities.Count(expected, "document")}"
            : Quantities.Count(documents, "document");
        var line = new StringBuilder(progress.State.InWords()).Append(": ").Append(total);

        // "998 of 998 (99 %)" looks wrong: without 100 %, the percentage of a complete count is left out.
        if (progress.Percent is { } percent && (percent == 100 || documents < progress.Expected))
        {
            line.Append(" (").Append(Quantities.Count(percent)).Append(" %)");
        }

        line.Append(", ").Append(Quantities.Count(progress.Counters.Chunks, "chunk"));
        Append(line, progress.Counters.Unchanged, "unchanged");
        Append(line, progress.Counters.Failed, "failed");
        if (progress.DocumentsPerSecond > 0 && progress.State == JobState.Running)
        {
            line.Append(", ").Append(Quantities.Rate(progress.DocumentsPerSecond)).Append(" documents/s");
            if (progress.TimeLeft is { } left)
            {
                line.Append(", ").Append(Quantities.TimeLeft(left)).Append(" left");
            }
        }

        if (progress.Stall is { } stall)
        {
            line.Append("; waiting: ").Append(TerminalText.Escape(stall.ReplaceLineEndings(" ")));
        }

        return line.ToString();
    }

    private static void Append(StringBuilder line, long count, string word)
    {
        if (count > 0)
        {
            line.Append(", ").Append(Quantities.Count(count)).Append(' ').Append(word);
        }
    }
}
