namespace Quiver.Core.Resilience;

/// <summary>
/// Spaces the requests to a provider that has throttled some and said how long to wait: as close together as it accepts them, so that its limit
/// is used and few further requests are throttled. Does nothing before. The interval starts at the rate that was accepted; it shrinks with each
/// accepted request and grows when one is throttled. Not thread-safe.
/// </summary>
internal sealed class RequestPace
{
    /// <summary>The longest interval: a rate that was estimated too low must not last.</summary>
    public static readonly TimeSpan MaxInterval = TimeSpan.FromSeconds(5);

    private const double Caution = 1.03;
    private const double MaxGrowth = 1.3;
    private const double MaxStep = 1.1;
    private const int MaxWaits = 4;

    // Up to this share of throttled requests, the interval is about right.
    private const double FewThrottled = 0.1;

    // Slowly, where the next throttle is near; fast, where the last one is long ago; between them from where a throttle has moved the interval.
    private const double SlowShrink = 0.999;
    private const double Shrink = 0.97;
    private const double FastShrink = 0.9;

    private static readonly TimeSpan MinInterval = TimeSpan.FromMilliseconds(10);
    // Shorter waits cost less than an interval that is too long.
    private static readonly TimeSpan MinWait = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan Recently = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    // From such a wait on, the limit counts within a minute or more, and not by the second.
    private static readonly TimeSpan LongWait = TimeSpan.FromSeconds(5);

    // Accepted requests, and throttles, of the last minute, by second.
    private readonly int[] _accepted = new int[60];
    private readonly int[] _throttled = new int[60];

    private long _second;
    private DateTimeOffset? _first;
    private DateTimeOffset _next;
    private DateTimeOffset _throttledAt;
    private DateTimeOffset _sameThrottleUntil;
    private TimeSpan _edge;

    /// <summary>The time between two requests; zero for none.</summary>
    public TimeSpan Interval { get; private set; }

    /// <summary>Reserves the next time at which a request can be sent, unless it is too late.</summary>
    /// <param name="now">The time.</param>
    /// <param name="maxWait">The longest wait.</param>
    /// <returns>The wait; when it is longer than <paramref name="maxWait"/>, nothing is reserved.</returns>
    public TimeSpan Reserve(DateTimeOffset now, TimeSpan maxWait)
    {
        _first ??= now;
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
        _accepted[_second % _accepted.Length]++;
        if (Interval > TimeSpan.Zero)
        {
            Interval *= now - _throttledAt > Minute ? FastShrink : Interval > _edge ? Shrink : SlowShrink;
            Interval = Interval < MinInterval ? TimeSpan.Zero : Interval;
        }
    }

    /// <summary>The provider throttled a request.</summary>
    /// <param name="now">The time.</param>
    /// <param name="wait">How long it asked to wait.</param>
    public void Throttled(DateTimeOffset now, TimeSpan wait)
    {
        MoveTo(now);
        _first ??= now;
        var heldUntil = now + wait;
        _next = heldUntil > _next ? heldUntil : _next;
        if (now <= _sameThrottleUntil)
        {
            // Requests that were sent together are throttled together.
            return;
        }

        if (Interval == TimeSpan.Zero && wait < MinWait)
        {
            return;
        }

        _throttled[_second % _throttled.Length]++;
        _edge = Estimate(now, wait);
        var grown = Interval * Caution;
        var (least, most) = (_edge * Caution, _edge * MaxGrowth);
        Interval = grown < least ? least : grown > most ? most : grown;
        _throttledAt = now;
        _sameThrottleUntil = heldUntil + Interval;
    }

    /// <summary>The interval of the requests that the provider accepted lately.</summary>
    private TimeSpan Estimate(DateTimeOffset now, TimeSpan wait)
    {
        TimeSpan interval;
        if (wait >= LongWait)
        {
            interval = Minute / Math.Max(1, Count(_accepted, Minute));
        }
        else if (Interval > TimeSpan.Zero && Count(_throttled, Recently) <= 1 + (FewThrottled * Count(_accepted, Recently)))
        {
            interval = Interval;
        }
        else
        {
            var span = now - _first!.Value is var all && all < Recently ? all : Recently;
            interval = (span + wait) / Math.Max(1, Count(_accepted, Recently));

            // There may have been little to send lately; a provider at its limit asks for about the time until it accepts the next request.
            var most = Interval * MaxStep > MaxWaits * wait ? Interval * MaxStep : MaxWaits * wait;
            interval = interval < most ? interval : most;
        }

        return interval < MinInterval ? MinInterval : interval > MaxInterval ? MaxInterval : interval;
    }

    private int Count(int[] bySecond, TimeSpan last)
    {
        var sum = 0;
        for (var second = 0; second < (int)last.TotalSeconds; second++)
        {
            sum += _second >= second ? bySecond[(_second - second) % bySecond.Length] : 0;
        }

        return sum;
    }

    private void MoveTo(DateTimeOffset now)
    {
        var second = now.ToUnixTimeSeconds();
        for (var passed = Math.Min(second - _second, _accepted.Length); passed > 0; passed--)
        {
            _accepted[(second - passed + 1) % _accepted.Length] = 0;
            _throttled[(second - passed + 1) % _throttled.Length] = 0;
        }

        _second = Math.Max(_second, second);
    }
}
