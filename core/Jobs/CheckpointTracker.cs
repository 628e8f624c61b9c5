using Quiver.Core.Sources;

namespace Quiver.Core.Jobs;

/// <summary>
/// Turns results that arrive in any order into a committed prefix. Batches are numbered as they start; the prefix ends before the first one
/// that is not finished. Not thread-safe.
/// </summary>
internal sealed class CheckpointTracker
{
    private readonly Queue<Entry> _entries = new();
    private long _firstNumber;

    public CheckpointTracker(SourceCursor start, JobCounters counters)
    {
        Cursor = start;
        Counters = counters;
    }

    /// <summary>Everything before it is finished.</summary>
    public SourceCursor Cursor { get; private set; }

    /// <summary>What was done before <see cref="Cursor"/>.</summary>
    public JobCounters Counters { get; private set; }

    /// <summary>Batches started and not yet part of the prefix; the caller limits it.</summary>
    public int Window => _entries.Count;

    /// <summary>Registers the next batch.</summary>
    /// <param name="next">The cursor after it.</param>
    /// <returns>Its number.</returns>
    public long Start(SourceCursor next)
    {
        _entries.Enqueue(new Entry(next));
        return _firstNumber + _entries.Count - 1;
    }

    /// <summary>Marks a batch as finished.</summary>
    /// <param name="number">The result of <see cref="Start"/>.</param>
    /// <param name="counters">What it did.</param>
    /// <returns>True when the prefix grew.</returns>
    public bool Finish(long number, JobCounters counters)
    {
        var entry = number >= _firstNumber && number < _firstNumber + _entries.Count
            ? _entries.ElementAt((int)(number - _firstNumber))
            : throw new ArgumentOutOfRangeException(nameof(number), number, "No such batch is open.");
        if (entry.Counters is not null)
        {
            throw new InvalidOperationException($"Batch {number} is already finished.");
        }

        entry.Counters = counters;
        var grew = false;
        while (_entries.TryPeek(out var first) && first.Counters is { } done)
        {
            _entries.Dequeue();
            _firstNumber++;
            Cursor = first.Next;
            Counters = Counters.Add(done);
            grew = true;
        }

        return grew;
    }

    private sealed class Entry(SourceCursor next)
    {
        public SourceCursor Next { get; } = next;

        public JobCounters? Counters { get; set; }
    }
}
