namespace Quiver.Core.Resilience;

/// <summary>
/// Request-level retry: repeats one request after transient faults, a few times within a short window. Longer outages are left to the
/// job-level retry (<see cref="JobRetry"/>). Throttling is never retried here. Where no window is needed, adapters use Polly, whose retry has
/// none. Thread-safe.
/// </summary>
/// <param name="schedule">The delays where the fault has no <see cref="QuiverException.RetryAfter"/>.</param>
/// <param name="maxAttempts">Attempts, 1 or more.</param>
/// <param name="window">No attempt starts later than this after the first one.</param>
/// <param name="time">The clock.</param>
internal sealed class RequestRetry(RetrySchedule schedule, int maxAttempts, TimeSpan window, TimeProvider time)
{
    /// <summary>Sends the request until it succeeds; rethrows the last fault when the attempts or the window are used up.</summary>
    public async Task<T> RunAsync<T>(Func<Task<T>> send, CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await send();
            }
            catch (QuiverException exception) when (exception.Kind == FaultKind.Transient && attempt < maxAttempts)
            {
                var delay = exception.RetryAfter is { } requested ? RetrySchedule.Clamp(requested) : schedule.Delay(attempt);
                if (time.GetElapsedTime(started) + delay > window)
                {
                    throw;
                }

                await Task.Delay(delay, time, cancellationToken);
            }
        }
    }
}
