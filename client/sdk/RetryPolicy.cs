using Polly;
using Polly.Retry;

namespace Quiver.Client;

/// <summary>The one retry layer of both clients, for calls that can be repeated without harm.</summary>
internal static class RetryPolicy
{
    /// <summary>Retries with exponential backoff and jitter, or after <see cref="QuiverException.RetryAfter"/> where it is set.</summary>
    /// <param name="attempts">Attempts after the first; 0 never retries.</param>
    /// <param name="baseDelay">The first delay; it doubles with each attempt.</param>
    /// <param name="maxDelay">The longest delay, also of a <see cref="QuiverException.RetryAfter"/>.</param>
    /// <param name="isRetryable">Whether a failure is worth another attempt.</param>
    /// <param name="time">The clock of the delays.</param>
    /// <param name="random">The jitter; must be thread-safe.</param>
    public static ResiliencePipeline Create(
        int attempts, TimeSpan baseDelay, TimeSpan maxDelay, Func<Exception?, bool> isRetryable, TimeProvider time, Random random) =>
        attempts == 0
            ? ResiliencePipeline.Empty
            : new ResiliencePipelineBuilder { TimeProvider = time }
                .AddRetry(new RetryStrategyOptions
                {
                    MaxRetryAttempts = attempts,
                    BackoffType = DelayBackoffType.Exponential,
                    UseJitter = true,
                    Delay = baseDelay,
                    MaxDelay = maxDelay,
                    Randomizer = random.NextDouble,
                    ShouldHandle = arguments => ValueTask.FromResult(isRetryable(arguments.Outcome.Exception)),
                    DelayGenerator = arguments => ValueTask.FromResult(
                        arguments.Outcome.Exception is QuiverException { RetryAfter: { } delay } ? (TimeSpan?)(delay < maxDelay ? delay : maxDelay) : null),
                })
                .Build();
}

/// <summary>Exponential delays with full jitter between reconnects of a stream. Not thread-safe.</summary>
internal sealed class Backoff(TimeSpan baseDelay, TimeSpan maxDelay, Random random)
{
    // 30 doublings of any base delay are above any maximum.
    private const int MaxDoublings = 30;

    private int _attempt;

    public void Reset() => _attempt = 0;

    /// <summary>The next delay: at least <paramref name="atLeast"/>, at most the maximum.</summary>
    public TimeSpan Next(TimeSpan? atLeast)
    {
        var ceiling = Math.Min(maxDelay.TotalMilliseconds, baseDelay.TotalMilliseconds * Math.Pow(2, Math.Min(_attempt++, MaxDoublings)));
        var delay = TimeSpan.FromMilliseconds(ceiling * random.NextDouble());
        return atLeast > delay ? TimeSpan.FromTicks(Math.Min(atLeast.Value.Ticks, maxDelay.Ticks)) : delay;
    }
}
