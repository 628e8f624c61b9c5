using Quiver.Pipeline.Jobs;

namespace Quiver.Adapters.S3;

/// <summary>The waits between attempts at one thing, bounded in number and length. Not thread-safe.</summary>
internal sealed class S3Waits(S3Options options, int maxAttempts, TimeProvider time, Random random)
{
    /// <summary>How long being throttled without any progress is waited out here; then the job hears of it, and goes on waiting.</summary>
    private static readonly TimeSpan LongestThrottle = TimeSpan.FromHours(1);

    /// <summary>The longest wait that a server may ask for.</summary>
    private static readonly TimeSpan LongestAsked = TimeSpan.FromMinutes(10);

    private readonly RetrySchedule _schedule = new(options.RetryBaseDelay, options.RetryMaxDelay, random);
    private int _attempts;
    private int _waits;
    private long? _since;

    /// <summary>Something came through: what went wrong before does not count any more.</summary>
    public void Progressed() => (_attempts, _waits, _since) = (0, 0, null);

    /// <summary>The wait before the next attempt; null when there is none.</summary>
    public TimeSpan? Next(S3Fault fault)
    {
        _since ??= time.GetTimestamp();
        if (fault.Kind is not (S3FaultKind.Transient or S3FaultKind.Throttled) || time.GetElapsedTime(_since.Value) > LongestThrottle)
            return null;
        if (fault.Kind == S3FaultKind.Transient && ++_attempts >= maxAttempts)
            return null;
        var wait = _schedule.Delay(++_waits);
        var asked = fault.RetryAfter ?? TimeSpan.Zero;
        return asked <= wait ? wait : asked < LongestAsked ? asked : LongestAsked;
    }
}
