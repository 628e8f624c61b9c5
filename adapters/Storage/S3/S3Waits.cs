
using Quiver.Core.Resilience;

namespace Quiver.Adapters.Storage.S3;

/// <summary>
/// The waits between attempts at one thing, bounded in number and length. Not thread-safe. A job has attempts of its own, which show as stalls
/// and end as its settings say; what reads for it hence goes on by itself only from where it has just got to.
/// </summary>
internal sealed class S3Waits
{
    private readonly S3Options _options;
    private readonly RetrySchedule _schedule;
    private readonly int _most;
    private int _made;
    private int _waits;

    private S3Waits(S3Options options, int most, int made, Random random)
    {
        (_options, _most, _made) = (options, most, made);
        _schedule = new RetrySchedule(options.RetryBaseDelay, options.RetryMaxDelay, random);
    }

    /// <summary>So many attempts without progress, for those that have no other layer of attempts around them.</summary>
    public static S3Waits OfAttempts(S3Options options, Random random) => new(options, options.MaxAttempts, 0, random);

    /// <summary>Another attempt after progress only, and one.</summary>
    public static S3Waits AfterProgress(S3Options options, Random random) => new(options, 2, 1, random);

    /// <summary>Something came through: what went wrong before does not count any more.</summary>
    public void Progressed() => (_made, _waits) = (0, 0);

    /// <summary>The wait before the next attempt; null when there is none.</summary>
    public TimeSpan? Next(S3Fault fault)
    {
        if (fault.Kind is not (S3FaultKind.Transient or S3FaultKind.Throttled) || ++_made >= _most || fault.RetryAfter > _options.RetryMaxDelay)
        {
            return null;
        }

        var wait = _schedule.Delay(++_waits);
        return fault.RetryAfter > wait ? fault.RetryAfter : wait;
    }
}
