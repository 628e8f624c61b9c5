using System.Numerics;

namespace Quiver.Core.Resilience;

/// <summary>
/// Spaces the requests to a provider that throttles and says how long to wait: as close together as it accepts them, so that its limit is used and
/// few further requests are throttled. The interval starts at the rate that was accepted; it shrinks with each accepted request and grows when one
/// is throttled. A provider that throttles some requests whatever their rate has no limit to keep to: from time to time Quiver tries without the
/// interval, and stays there while most requests are accepted. Not thread-safe.
/// </summary>
internal sealed class RequestPace
{
    /// <summary>The longest interval: a rate that was estimated too low must not last.</summary>
    public static readonly TimeSpan MaxInterval = TimeSpan.FromSeconds(5);

    // Of the last 32 answers. At a limit, without an interval, most requests are throttled.
    private const int ManyThrottled = 16;

    // The answers before a try count as these: a few throttled requests end it soon, and rare ones do not.
    private const uint AnswersBeforeTry = 0xFF;
    private const int TryBackoff = 4;

    private const double Caution = 1.03;
    private const double MaxGrowth = 1.3;

    // Slowly, where the next throttle is near; fast, where the last one is long ago; between them from where a throttle has moved the interval.
    private const double SlowShrink = 0.999;
    private const double Shrink = 0.97;
    private const double FastShrink = 0.9;

    private static readonly TimeSpan MinInterval = TimeSpan.FromMilliseconds(10);

    // Shorter waits cost less than an interval that is too long.
    private static readonly TimeSpan MinWait = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan Recently = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan MaxTryInterval = TimeSpan.FromMinutes(16);

    // From such a wait on, the limit counts within a minute or more, and not by the second.
    private static readonly TimeSpan LongWait = TimeSpan.FromSeconds(5);

    // Accepted requests of the last minute, by second.
    private readonly int[] _accepted = new int[60];

    // The last answers, the latest in the lowest bit: 1 for a throttled request. The first throttle counts as one of many.
    private uint _answers = uint.MaxValue;
    private long _second;
    private DateTimeOffset? _first;
    private DateTimeOffset _next;
    private DateTimeOffset _throttledAt;
    private DateTimeOffset _sameThrottleUntil;
    private DateTimeOffset? _tryAt;
    private TimeSpan _tryInterval = Minute;
    private TimeSpan _edge;

    /// <summary>The time between two requests; zero for none.</summary>
    public TimeSpan Interval { get; private set; }

    private bool AreManyThrottled => BitOperations.PopCount(_answers) >= ManyThrottled;

    /// <summary>Reserves the next time at which a request can be sent, unless it is too late.</summary>
    /// <param name="now">The time.</param>
    /// <param name="maxWait">The longest wait.</param>
    /// <returns>The wait; when it is longer than <paramref name="maxWait"/>, nothing is reserved.</returns>
    public TimeSpan Reserve(DateTimeOffset now, TimeSpan maxWait)
    {
        _first ??= now;
        if (now >= _tryAt)
        {
            (Interval, _answers, _tryAt) = (TimeSpan.Zero, AnswersBeforeTry, null);
            _tryInterval = _tryInterval * TryBackoff < MaxTryInterval ? _tryInterval * TryBackoff : MaxTryInterval;
        }

        if (Interval == TimeSpan.Zero)
        {
            return TimeSpan.Zero;
        }

        var at = _next > now ? _next : now;
        if (at - now <= maxWait)
        {
            _next = at + Interval;
        }

        return at - now;
    }

    /// <summary>The provider accepted a request.</summary>
    public void Accepted(DateTimeOffset now)
    {
        MoveTo(now);
        _answers <<= 1;
        _accepted[_second % _accepted.Length]++;
        if (Interval > TimeSpan.Zero)
        {
            Interval *= now - _throttledAt > Minute ? FastShrink : Interval > _edge ? Shrink : SlowShrink;
            Interval = Interval < MinInterval ? TimeSpan.Zero : Interval;
        }
    }

    /// <summary>The provider throttled a request.</summary>
    /// <param name="now">The time.</param>
    /// <param name="wait">How long the request has to wait.</param>
    /// <param name="isLimit">Whether it may be at a limit to which an interval keeps: the provider stated the wait, and nothing else sets the pace.</param>
    /// <returns>Whether the other requests have to wait as well; not when the provider accepts most of them meanwhile.</returns>
    public bool Throttled(DateTimeOffset now, TimeSpan wait, bool isLimit = true)
    {
        MoveTo(now);
        _first ??= now;
        _answers = (_answers << 1) | 1;
        var isForAll = AreManyThrottled || wait >= LongWait;
        if (isLimit)
        {
            Space(now, wait, isForAll);
        }

        return isForAll;
    }

    private void Space(DateTimeOffset now, TimeSpan wait, bool isForAll)
    {
        var heldUntil = isForAll ? now + wait : now;
        _next = heldUntil > _next ? heldUntil : _next;
        if (now <= _sameThrottleUntil || (Interval == TimeSpan.Zero && (!isForAll || wait < MinWait)))
        {
            // Requests that were sent together are throttled together.
            return;
        }

        // A long wait is that of a limit per minute, which needs no try.
        _tryAt = wait >= LongWait ? null : Interval == TimeSpan.Zero ? now + _tryInterval : _tryAt;
        _edge = Estimate(now, wait, isForAll);
        var grown = Interval * Caution;
        var (least, most) = (_edge * Caution, _edge * MaxGrowth);
        Interval = grown < least ? least : grown > most ? most : grown;
        _throttledAt = now;
        _sameThrottleUntil = heldUntil + Interval;
    }

    /// <summary>The interval of the requests that the provider accepted lately.</summary>
    private TimeSpan Estimate(DateTimeOffset now, TimeSpan wait, bool isForAll)
    {
        var span = now - _first!.Value is var all && all < Recently ? all : Recently;
        var interval = wait >= LongWait
            ? Minute / Math.Max(1, CountAccepted(Minute))
            : (isForAll ? span + wait : span) / Math.Max(1, CountAccepted(Recently));
        return interval < MinInterval ? MinInterval : interval > MaxInterval ? MaxInterval : interval;
    }

    private int CountAccepted(TimeSpan last)
    {
        var sum = 0;
        for (var second = 0; second < (int)last.TotalSeconds; second++)
        {
            sum += _second >= second ? _accepted[(_second - second) % _accepted.Length] : 0;
        }

        return sum;
    }

    private void MoveTo(DateTimeOffset now)
    {
        var second = now.ToUnixTimeSeconds();
        for (var passed = Math.Min(second - _second, _accepted.Length); passed > 0; passed--)
        {
            _accepted[(second - passed + 1) % _accepted.Length] = 0;
        }

        _second = Math.Max(_second, second);
    }
}
