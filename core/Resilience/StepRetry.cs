namespace Quiver.Core.Resilience;

/// <summary>Repeats a step around the pump, such as opening a source, that meets passing faults: with the waits and the bound of a batch.</summary>
/// <param name="schedule">The waits.</param>
/// <param name="maxAttempts">Attempts at a step.</param>
/// <param name="outageLimit">For how long the other side may ask to wait.</param>
/// <param name="time">The clock.</param>
/// <param name="stalled">Told the code and the sentence of each wait.</param>
internal sealed class StepRetry(RetrySchedule schedule, int maxAttempts, TimeSpan outageLimit, TimeProvider time, Action<string, string> stalled)
{
    /// <summary>Runs a step until it succeeds.</summary>
    /// <param name="what">The step, as the beginning of a sentence.</param>
    /// <param name="step">Harmless to repeat.</param>
    /// <param name="cancellationToken">Ends the step and the waits.</param>
    /// <exception cref="QuiverException">The fault is none that passes, or has not passed after so many attempts.</exception>
    public async Task<T> RunAsync<T>(string what, Func<CancellationToken, Task<T>> step, CancellationToken cancellationToken)
    {
        var attempts = new Attempts(schedule, maxAttempts, new Outage(outageLimit, time));
        while (true)
        {
            QuiverException fault;
            try
            {
                return await step(cancellationToken);
            }
            catch (Exception e) when (!cancellationToken.IsCancellationRequested)
            {
                fault = Attempts.Classify(e, what);
            }

            var wait = attempts.WaitAfter(fault, out var end) ?? throw end;
            var waiting = Task.Delay(wait, time, cancellationToken);
            stalled(fault.Code, Attempts.Describe(fault, wait));
            await waiting;
        }
    }
}
