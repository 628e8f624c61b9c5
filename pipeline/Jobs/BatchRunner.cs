namespace Quiver.Pipeline.Jobs;

/// <summary>Carries one batch to its end: large documents in several calls, passing faults tried again, throttling waited out, an outage of the provider borne for a while.</summary>
internal sealed class BatchRunner(IPumpHost host, RetrySchedule schedule, int maxAttempts, TimeSpan outageLimit, TimeProvider time)
{
    /// <summary>What the other side may ask for at most; every wait is bounded.</summary>
    public static readonly TimeSpan LongestWait = TimeSpan.FromHours(1);

    /// <summary>Runs a batch. Never throws.</summary>
    /// <param name="number">Its number.</param>
    /// <param name="batch">The batch.</param>
    /// <param name="drain">Ends waits: the batch is given up rather than waited for.</param>
    /// <param name="abort">Stops calls under way.</param>
    public async Task<BatchCompletion> RunAsync(long number, SourceBatch batch, CancellationToken drain, CancellationToken abort)
    {
        var done = JobCounters.Zero;
        var rest = batch;
        var firstChunk = 0;
        var attempt = 0;
        var waits = 0;
        long? outSince = null;
        while (true)
        {
            try
            {
                var result = await host.ProcessAsync(rest, firstChunk, abort);
                done = done.Add(result.Counters);
                attempt = 0;
                waits = 0;
                outSince = null;
                if (result.NextItem is not { } next)
                {
                    return new(number, batch, done, null);
                }

                rest = rest with { Items = rest.Items[next..] };
                firstChunk = result.NextChunk ?? 0;
            }
            catch (Exception) when (abort.IsCancellationRequested)
            {
                // Whatever a stopped call ends with says nothing about the batch.
                return new(number, batch, null, null);
            }
            catch (Exception e)
            {
                var fault = Classify(e);
                attempt += fault.Kind == FaultKind.Transient ? 1 : 0;
                if (fault.Kind is not (FaultKind.Transient or FaultKind.Throttled) || attempt >= maxAttempts)
                {
                    return new(number, batch, null, fault);
                }

                if (fault.Code == ErrorCodes.ProviderCircuitOpen && time.GetElapsedTime(outSince ??= time.GetTimestamp()) >= outageLimit)
                {
                    return new(number, batch, null, new PermanentException(
                        ErrorCodes.ProviderUnavailable, $"{fault.Message} That is longer than an outage may last ({outageLimit}); retry the job when the provider is back.", fault));
                }

                var delay = fault.RetryAfter is { } asked ? Bound(asked) : schedule.Delay(++waits);
                host.Stalled(fault.Code, $"{fault.Message} The next attempt is in {delay.TotalSeconds:0.0} s.");
                if (!await WaitAsync(delay, drain))
                {
                    return new(number, batch, null, null);
                }
            }
        }
    }

    private static QuiverException Classify(Exception error) => error switch
    {
        QuiverException known => known,
        TimeoutException => new TransientException(ErrorCodes.Timeout, $"A batch got no answer in time: {error.Message}", error),
        OperationCanceledException => new TransientException(ErrorCodes.Timeout, "A batch was cancelled by the other side.", error),
        _ => new PermanentException(ErrorCodes.Internal, $"A batch failed unexpectedly: {error.GetType().Name}: {error.Message}", error),
    };

    /// <summary>A clock that is wrong on the other side asks for negative waits, or for years.</summary>
    private static TimeSpan Bound(TimeSpan wait) => wait < TimeSpan.Zero ? TimeSpan.Zero : wait > LongestWait ? LongestWait : wait;

    private async Task<bool> WaitAsync(TimeSpan delay, CancellationToken drain)
    {
        try
        {
            await Task.Delay(delay, time, drain);
            return true;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }
}
