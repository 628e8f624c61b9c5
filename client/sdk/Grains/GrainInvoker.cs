using Orleans.Runtime;
using Polly;

namespace Quiver.Client.Grains;

/// <summary>Calls grains: translates failures into <see cref="QuiverException"/> and retries when a silo was lost during the call. Thread-safe.</summary>
internal sealed class GrainInvoker(GrainClientOptions options, TimeProvider time, Random random)
{
    private static readonly TimeSpan MaxRetryDelay = TimeSpan.FromSeconds(5);

    private readonly ResiliencePipeline _retry = RetryPolicy.Create(options.RetryAttempts, options.RetryBaseDelay, MaxRetryDelay, IsSiloLost, time, random);

    /// <summary>Makes an idempotent call, retried when a silo was lost.</summary>
    /// <exception cref="QuiverException">The grain's own, or <see cref="ErrorCodes.ServerUnavailable"/> or <see cref="ErrorCodes.Timeout"/>.</exception>
    public async Task<T> InvokeAsync<T>(Func<Task<T>> call, CancellationToken cancellationToken) =>
        await _retry.ExecuteAsync(static async (run, _) => await InvokeOnceAsync(run), call, cancellationToken);

    /// <summary>Makes a call that is not retried: a repeat could be refused because of what the first attempt did.</summary>
    /// <exception cref="QuiverException">The grain's own, or <see cref="ErrorCodes.ServerUnavailable"/> or <see cref="ErrorCodes.Timeout"/>.</exception>
    public static async Task<T> InvokeOnceAsync<T>(Func<Task<T>> call)
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

    // Not retried: an exceeded limit needs a longer wait, a timed-out call may still be running, and a foreign inner exception means that a store failed.
    private static bool IsSiloLost(Exception? exception) => exception is TransientException
    {
        InnerException: OrleansException { InnerException: null or OrleansException } and not LimitExceededException,
    };

    private static QuiverException Translate(Exception exception) => exception switch
    {
        TimeoutException => new TransientException(
            ErrorCodes.Timeout, "Quiver did not answer in time, and the call may have taken effect. Check the result, then try again.", exception),
        LimitExceededException => new ThrottledException(
            ErrorCodes.ServerUnavailable, "Too many calls are queued for the same grain. Try again in a moment.", exception),
        OrleansException when QuiverException.Find(exception) is { } known => known,
        OrleansException => new TransientException(
            ErrorCodes.ServerUnavailable, "Quiver cannot process the call at the moment. Try again; if it keeps failing, check the server's log.", exception),
        _ => new PermanentException(ErrorCodes.Internal, "An internal error occurred in Quiver. The server's log shows the cause.", exception),
    };
}
