using Orleans.Runtime;

namespace Quiver.Client.Grains;

/// <summary>Lets only <see cref="QuiverException"/> and cancellation out of calls to grains.</summary>
internal static class GrainFaults
{
    public static async Task<T> GuardAsync<T>(Task<T> call)
    {
        try
        {
            return await call;
        }
        catch (Exception exception) when (exception is not (QuiverException or OperationCanceledException))
        {
            throw Translate(exception);
        }
    }

    public static Task GuardAsync(Task call) => GuardAsync(WithResultAsync(call));

    private static QuiverException Translate(Exception exception) => exception switch
    {
        TimeoutException => new TransientException(ErrorCodes.Timeout, "Quiver did not answer in time; what was asked for may have happened. Try again.", exception),
        LimitExceededException => new ThrottledException(ErrorCodes.ServerUnavailable, "Too many calls wait for the same thing; try again in a moment.", exception),
        OrleansException => new TransientException(ErrorCodes.ServerUnavailable, "Quiver could not carry the call out at the moment; try again.", exception),
        _ => new PermanentException(ErrorCodes.Internal, "Something failed inside Quiver; its log says what.", exception),
    };

    private static async Task<bool> WithResultAsync(Task call)
    {
        await call;
        return true;
    }
}
