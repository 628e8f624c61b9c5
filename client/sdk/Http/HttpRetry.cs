using Polly;
using Polly.Retry;

namespace Quiver.Client.Http;

/// <summary>The one retry layer of the HTTP client, for requests that may be repeated.</summary>
internal static class HttpRetry
{
    /// <summary>Tries again after a lost connection and a 503, with exponential backoff and jitter; waits longer where the server says so.</summary>
    public static ResiliencePipeline Create(QuiverHttpClientOptions options, TimeProvider time, Random random)
    {
        if (options.RetryAttempts == 0)
        {
            return ResiliencePipeline.Empty;
        }

        var builder = new ResiliencePipelineBuilder { TimeProvider = time };
        return builder
            .AddRetry(new RetryStrategyOptions
            {
                MaxRetryAttempts = options.RetryAttempts,
                BackoffType = DelayBackoffType.Exponential,
                UseJitter = true,
                Delay = options.RetryBaseDelay,
                MaxDelay = options.RetryMaxDelay,
                Randomizer = random.NextDouble,
                ShouldHandle = static arguments => ValueTask.FromResult(arguments.Outcome.Exception is TransientException { Code: not ErrorCodes.Timeout }),
                DelayGenerator = arguments => ValueTask.FromResult(
                    arguments.Outcome.Exception is QuiverException { RetryAfter: { } wait } ? (TimeSpan?)Min(wait, options.RetryMaxDelay) : null),
            })
            .Build();
    }

    private static TimeSpan Min(TimeSpan first, TimeSpan second) => first < second ? first : second;
}
