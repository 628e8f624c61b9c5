using Orleans.Runtime;
using Polly;
using Polly.Retry;

namespace Quiver.Client.Grains;

/// <summary>
/// Calls to grains: lets only <see cref="QuiverException"/> and cancellation out, and asks again when a silo was lost on the way. Thread-safe.
/// </summary>
/// <param name="options">How often.</param>
/// <param name="time">The clock.</param>
/// <param name="random">Spreads the waits; used by many threads.</param>
internal sealed class GrainCalls(GrainClientOptions options, TimeProvider time, Random random)
{
    private static readonly TimeSpan LongestDelay = TimeSpan.FromSeconds(5);

    private readonly ResiliencePipeline _retry = CreateRetry(options, time, random);

    /// <summary>Makes a call that may be made twice: what it asks for holds after one as after two.</summary>
    /// <param name="call">The call.</param>
    /// <param name="cancellationToken">Ends the waits between attempts.</param>
    /// <exception cref="QuiverException">The grain's own, or <see cref="ErrorCodes.ServerUnavailable"/> and <see cref="ErrorCodes.Timeout"/>.</exception>
    public async Task<T> RunAsync<T>(Func<Task<T>> call, CancellationToken cancellationToken) =>
        await _retry.ExecuteAsync(static async (run, _) => await GuardAsync(run), call, cancellationToken);

    /// <summary>Makes a call once: a second one might be refused for what the first has done.</summary>
    /// <param name="call">The call.</param>
    /// <exception cref="QuiverException">The grain's own, or <see cref="ErrorCodes.ServerUnavailable"/> and <see cref="ErrorCodes.Timeout"/>.</exception>
    public static Task<T> OnceAsync<T>(Func<Task<T>> call) => GuardAsync(call);

    private static ResiliencePipeline CreateRetry(GrainClientOptions options, TimeProvider time, Random random) => options.RetryAttempts == 0
        ? ResiliencePipeline.Empty
        : new ResiliencePipelineBuilder { TimeProvider = time }
            .AddRetry(new RetryStrategyOptions
            {
                MaxRetryAttempts = options.RetryAttempts,
                BackoffType = DelayBackoffType.Exponential,
                UseJitter = true,
                Delay = options.RetryBaseDelay,
                MaxDelay = LongestDelay,
                Randomizer = random.NextDouble,

                // A limit tells to come back later; a timeout, that somebody is at work on it; a cause that is not the runtime's own, that a store is away.
                ShouldHandle = static arguments => ValueTask.FromResult(
                    arguments.Outcome.Exception is TransientException
                    {
                        InnerException: OrleansException { InnerException: null or OrleansException } and not LimitExceededException,
                    }),
            })
            .Build();

    private static async Task<T> GuardAsync<T>(Func<Task<T>> call)
    {
        try
        {
            return await call();
        }
        catch (Exception exception) when (exception is not (QuiverException or OperationCanceledException))
        {
            throw Translate(exception);
        }
    }

    private static QuiverException Translate(Exception exception) => exception switch
    {
        TimeoutException => new TransientException(ErrorCodes.Timeout, "Quiver did not answer in time; what was asked for may have happened. Try again.", exception),
        LimitExceededException => new ThrottledException(ErrorCodes.ServerUnavailable, "Too many calls wait for the same thing; try again in a moment.", exception),
        OrleansException => new TransientException(ErrorCodes.ServerUnavailable, "Quiver could not carry the call out at the moment; try again.", exception),
        _ => new PermanentException(ErrorCodes.Internal, "Something failed inside Quiver; its log says what.", exception),
    };
}
