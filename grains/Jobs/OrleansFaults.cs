namespace Quiver.Grains.Jobs;

/// <summary>Classifies Orleans' exceptions.</summary>
internal static class OrleansFaults
{
    /// <summary>
    /// Calls a grain. Orleans' own errors, such as a stopping silo or a full queue, say nothing about the call: they are transient.
    /// </summary>
    /// <param name="target">The grain, as the beginning of a sentence.</param>
    /// <param name="call">The call.</param>
    /// <exception cref="QuiverException">The grain's own error, or a transient one: it could not be reached.</exception>
    public static async Task<T> TranslateAsync<T>(string target, Func<Task<T>> call)
    {
        try
        {
            return await call();
        }
        catch (OrleansException exception) when (QuiverException.Find(exception) is { } known)
        {
            // The grain's own store refused its state.
            throw known;
        }
        catch (OrleansException exception)
        {
            throw new TransientException(ErrorCodes.ServerUnavailable, $"{target} could not be reached: {exception.Message}", exception);
        }
    }
}
