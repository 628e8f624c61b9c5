namespace Quiver.Pipeline.Jobs;

/// <summary>Carries a step that may be repeated through passing faults, as a batch is carried.</summary>
/// <param name="schedule">The waits.</param>
/// <param name="maxAttempts">Attempts before the fault counts; waits that the other side asked for do not.</param>
/// <param name="time">The clock.</param>
/// <param name="stalled">Told of each wait: a stable code and a sentence.</param>
internal sealed class StepRunner(RetrySchedule schedule, int maxAttempts, TimeProvider time, Action<string, string> stalled)
{
    /// <summary>Runs a step until it succeeds or fails for good.</summary>
    /// <param name="step">The step; harmless to repeat.</param>
    /// <param name="cancellationToken">Ends waits.</param>
    /// <exception cref="QuiverException">The last fault.</exception>
    public async Task<T> RunAsync<T>(Func<Task<T>> step, CancellationToken cancellationToken)
    {
        var attempt = 0;
        var waits = 0;
        while (true)
        {
            try
            {
                return await step();
            }
            catch (QuiverException e) when (e.Kind is FaultKind.Transient or FaultKind.Throttled && (attempt += e.Kind == FaultKind.Transient ? 1 : 0) < maxAttempts)
            {
                var delay = e.RetryAfter is { } asked ? BatchRunner.Bound(asked) : schedule.Delay(++waits);
                stalled(e.Code, $"{e.Message} The next attempt is in {delay.TotalSeconds:0.0} s.");
                await Task.Delay(delay, time, cancellationToken);
            }
        }
    }
}
