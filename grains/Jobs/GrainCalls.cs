namespace Quiver.Grains.Jobs;

/// <summary>Calls to other grains on behalf of a job.</summary>
internal static class GrainCalls
{
    /// <summary>Calls a grain. A silo that stops, or a full queue, says nothing about what was asked.</summary>
    /// <param name="whom">The grain, as the beginning of a sentence.</param>
    /// <param name="call">The call.</param>
    /// <exception cref="TransientException">The grain could not be reached.</exception>
    public static async Task<T> ReachAsync<T>(string whom, Func<Task<T>> call)
    {
        try
        {
            return await call();
        }
        catch (OrleansException e)
        {
            throw new TransientException(ErrorCodes.ServerUnavailable, $"{whom} could not be reached: {e.Message}", e);
        }
    }
}
