namespace Quiver.Core.Resilience;

/// <summary>Counts the attempts at one thing and says how long to wait before the next one. Not thread-safe.</summary>
internal sealed class Attempts(RetrySchedule schedule, int most, Outage outage)
{
    /// <summary>What the other side may ask for at most; every wait is bounded.</summary>
    public static readonly TimeSpan LongestWait = TimeSpan.FromHours(1);

    private int _made;
    private int _waits;

    /// <summary>Something came through: what failed before does not count any more.</summary>
    public void Succeeded()
    {
        (_made, _waits) = (0, 0);
        outage.Ended();
    }

    /// <summary>The wait before the next attempt; null when another one cannot help or enough were made.</summary>
    /// <param name="fault">What the last one ended with.</param>
    /// <param name="end">What to end with when there is no next one.</param>
    public TimeSpan? WaitAfter(QuiverException fault, out QuiverException end)
    {
        end = fault;
        if (outage.Judge(fault) is { } over)
        {
            end = over;
            return null;
        }

        _made += fault.Kind == FaultKind.Transient ? 1 : 0;
        if (fault.Kind is not (FaultKind.Transient or FaultKind.Throttled) || _made >= most)
        {
            return null;
        }

        return fault.RetryAfter is { } asked ? Bound(asked) : schedule.Delay(++_waits);
    }

    /// <summary>What an exception means for the next attempt.</summary>
    /// <param name="error">The exception.</param>
    /// <param name="what">What was tried, as the beginning of a sentence.</param>
    public static QuiverException Classify(Exception error, string what) => error switch
    {
        QuiverException known => known,
        TimeoutException => new TransientException(ErrorCodes.Timeout, $"{what} got no answer in time: {error.Message}", error),
        OperationCanceledException => new TransientException(ErrorCodes.Timeout, $"{what} was cancelled by the other side.", error),
        _ => new PermanentException(ErrorCodes.Internal, $"{what} failed unexpectedly: {error.GetType().Name}: {error.Message}", error),
    };

    /// <summary>Why there is no progress, for people.</summary>
    /// <param name="fault">What the last attempt ended with.</param>
    /// <param name="wait">The wait before the next one.</param>
    public static string Describe(QuiverException fault, TimeSpan wait) => $"{fault.Message} The next attempt is in {wait.TotalSeconds:0.0} s.";

    /// <summary>A clock that is wrong on the other side asks for negative waits, or for years.</summary>
    private static TimeSpan Bound(TimeSpan wait) => wait < TimeSpan.Zero ? TimeSpan.Zero : wait > LongestWait ? LongestWait : wait;
}
