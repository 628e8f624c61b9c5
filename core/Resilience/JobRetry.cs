namespace Quiver.Core.Resilience;

/// <summary>
/// Job-level retry: the delays and limits for batches, for reading a source and for steps such as opening one. Transient faults consume
/// attempts. Throttled faults consume none, so the outage limit ends them: it counts how long nothing has succeeded. Use one instance for
/// everything that waits for the same remote side. Thread-safe.
/// </summary>
/// <param name="schedule">The delays where the fault has no <see cref="QuiverException.RetryAfter"/>.</param>
/// <param name="maxAttempts">Attempts at one operation without progress, 1 or more.</param>
/// <param name="outageLimit">How long the remote side can keep throttling.</param>
/// <param name="time">The clock.</param>
/// <param name="stalled">Receives the code and the message of each delay in <see cref="RunAsync"/>.</param>
internal sealed class JobRetry(RetrySchedule schedule, int maxAttempts, TimeSpan outageLimit, TimeProvider time, Action<string, string>? stalled = null)
{
    private readonly Lock _lock = new();
    private long? _outageSince;

    /// <summary>Starts to count the attempts at one operation.</summary>
    public RetryAttempts Start() => new(this, schedule, maxAttempts);

    /// <summary>Runs a step until it succeeds.</summary>
    /// <param name="what">The step, as the beginning of a sentence.</param>
    /// <param name="step">The step; must be repeatable.</param>
    /// <param name="cancellationToken">Cancels the step and the delays.</param>
    /// <exception cref="QuiverException">The fault is permanent, a quota is used up, or the attempts or the outage limit are.</exception>
    public async Task<T> RunAsync<T>(string what, Func<CancellationToken, Task<T>> step, CancellationToken cancellationToken)
    {
        var attempts = Start();
        try
        {
            while (true)
            {
                QuiverException fault;
                try
                {
                    return await step(cancellationToken);
                }
                catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
                {
                    fault = Classify(exception, what);
                }

                var wait = attempts.WaitAfter(fault, out var end) ?? throw end;
                var waiting = Task.Delay(wait, time, cancellationToken);
                stalled?.Invoke(fault.Code, Describe(fault, wait));
                await waiting;
            }
        }
        finally
        {
            // The next step has its own outage limit.
            EndOutage();
        }
    }

    /// <summary>Maps an exception to a fault with a kind.</summary>
    /// <param name="exception">The exception.</param>
    /// <param name="what">The operation, as the beginning of a sentence.</param>
    public static QuiverException Classify(Exception exception, string what) => exception switch
    {
        QuiverException known => known,
        TimeoutException => new TransientException(ErrorCodes.Timeout, $"{what} timed out: {exception.Message}", exception),
        OperationCanceledException => new TransientException(ErrorCodes.Timeout, $"{what} was cancelled by the remote side.", exception),
        _ => new PermanentException(ErrorCodes.Internal, $"{what} failed unexpectedly: {exception.GetType().Name}: {exception.Message} The log has the details; retry the job.", exception),
    };

    /// <summary>The message for a job that is stalled by a delay.</summary>
    public static string Describe(QuiverException fault, TimeSpan wait) => $"{fault.Message} The next attempt is in {wait.TotalSeconds:0.0} s.";

    /// <summary>Something succeeded: the outage is over.</summary>
    internal void EndOutage()
    {
        lock (_lock)
        {
            _outageSince = null;
        }
    }

    /// <summary>The fault to end with when the outage limit is reached; null before that, and for faults that do not count as an outage.</summary>
    internal PermanentException? JudgeOutage(QuiverException fault)
    {
        var cause = ThrottleCauses.Of(fault);

        // The budget and the concurrency limit are Quiver's own: a request that waits for them gets its turn. A quota pauses the job instead.
        if (cause is ThrottleCause.None or ThrottleCause.Budget or ThrottleCause.Concurrency or ThrottleCause.Quota)
        {
            return null;
        }

        lock (_lock)
        {
            _outageSince ??= time.GetTimestamp();
            if (time.GetElapsedTime(_outageSince.Value) < outageLimit)
            {
                return null;
            }
        }

        return new PermanentException(
            cause == ThrottleCause.CircuitOpen ? ErrorCodes.ProviderUnavailable : fault.Code,
            $"{fault.Message} No request has succeeded within the outage limit ({outageLimit}, Quiver:Jobs:OutageLimit). "
            + "When the outage is over, retry the job; it continues from its checkpoint.",
            fault);
    }
}

/// <summary>Counts the attempts at one operation. Made by <see cref="JobRetry.Start"/>. Not thread-safe.</summary>
internal sealed class RetryAttempts(JobRetry retry, RetrySchedule schedule, int maxAttempts)
{
    private int _attempts;
    private int _delays;

    /// <summary>The operation made progress: earlier faults no longer count.</summary>
    public void Succeeded()
    {
        (_attempts, _delays) = (0, 0);
        retry.EndOutage();
    }

    /// <summary>
    /// The delay before the next attempt; null when the fault is permanent, a quota is used up, or the attempts or the outage limit are.
    /// </summary>
    /// <param name="fault">The fault of the last attempt.</param>
    /// <param name="end">The fault to end with when the result is null.</param>
    public TimeSpan? WaitAfter(QuiverException fault, out QuiverException end)
    {
        end = fault;
        if (retry.JudgeOutage(fault) is { } over)
        {
            end = over;
            return null;
        }

        _attempts += fault.Kind == FaultKind.Transient ? 1 : 0;
        if (fault.Kind is not (FaultKind.Transient or FaultKind.Throttled) || ThrottleCauses.Of(fault) == ThrottleCause.Quota || _attempts >= maxAttempts)
        {
            return null;
        }

        return fault.RetryAfter is { } requested ? RetrySchedule.Clamp(requested) : schedule.Delay(++_delays);
    }
}
