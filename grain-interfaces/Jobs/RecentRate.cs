namespace Quiver.GrainInterfaces.Jobs;

/// <summary>
/// How fast a count has grown over the last half minute, as jobs and those who watch them show it: after a wait, an average since the start
/// would promise too much or too little. Not thread-safe.
/// </summary>
public sealed class RecentRate
{
    private static readonly TimeSpan Window = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    private readonly TimeProvider _time;

    // At most one for each interval of the window, and the one before it.
    private readonly LinkedList<(long At, long Count)> _samples = new();
    private long _count;

    /// <summary>Starts to measure.</summary>
    /// <param name="time">The clock.</param>
    /// <param name="count">The count at the start.</param>
    public RecentRate(TimeProvider time, long count)
    {
        ArgumentNullException.ThrowIfNull(time);
        (_time, _count) = (time, count);
        _samples.AddLast((time.GetTimestamp(), count));
    }

    /// <summary>The growth per second; 0 when nothing has grown in the window.</summary>
    public double PerSecond
    {
        get
        {
            var (at, count) = Oldest();
            var seconds = _time.GetElapsedTime(at).TotalSeconds;
            return seconds > 0 ? (_count - count) / seconds : 0;
        }
    }

    /// <summary>How long a further growth takes at this rate; null when it is unknown, not positive, or longer than 100 years.</summary>
    /// <param name="growth">What is left to count; null when unknown.</param>
    public TimeSpan? TimeFor(long? growth)
    {
        const int maxDays = 36_500;
        return growth is { } left && left > 0 && left / PerSecond is var seconds && seconds < TimeSpan.FromDays(maxDays).TotalSeconds
            ? TimeSpan.FromSeconds(seconds)
            : null;
    }

    /// <summary>Notes the present count.</summary>
    /// <param name="count">The count; one that has fallen starts the measurement again.</param>
    public void Add(long count)
    {
        if (count < _count)
        {
            _samples.Clear();
        }

        _count = count;
        if (_samples.Last is not { } last || _time.GetElapsedTime(last.Value.At) >= Interval)
        {
            _samples.AddLast((_time.GetTimestamp(), count));
        }

        Oldest();
    }

    /// <summary>Removes samples that the window no longer needs, and returns the one at its start.</summary>
    private (long At, long Count) Oldest()
    {
        while (_samples.First is { Next: { } second } && _time.GetElapsedTime(second.Value.At) >= Window)
        {
            _samples.RemoveFirst();
        }

        return _samples.First!.Value;
    }
}
