using Quiver.Core.Resilience;
using Quiver.GrainInterfaces.Workers;

namespace Quiver.Core.Jobs;

/// <summary>Carries one batch to its end: large documents in several calls, passing faults tried again, throttling and outages waited out for a while.</summary>
internal sealed class BatchRunner(IPumpHost host, RetrySchedule schedule, int maxAttempts, TimeSpan outageLimit, TimeProvider time)
{
    // What comes through for one batch shows that there is no outage for the others.
    private readonly Outage _outage = new(outageLimit, time);

    /// <summary>Runs a batch. Never throws.</summary>
    /// <param name="number">Its number.</param>
    /// <param name="batch">The batch.</param>
    /// <param name="drain">Ends waits: the batch is given up rather than waited for.</param>
    /// <param name="abort">Stops calls under way.</param>
    public async Task<BatchCompletion> RunAsync(long number, SourceBatch batch, CancellationToken drain, CancellationToken abort)
    {
        var done = JobCounters.Zero;
        var rest = batch;
        ChunkPlace? from = null;
        var attempts = new Attempts(schedule, maxAttempts, _outage);
        while (true)
        {
            try
            {
                var result = await host.ProcessAsync(rest, from, abort);
                done = done.Add(result.Counters);
                attempts.Succeeded();
                if (result.NextItem is not { } next)
                {
                    return new(number, batch, done, null);
                }

                rest = rest with { Items = rest.Items[next..] };
                from = result.NextPlace;
                if (drain.IsCancellationRequested)
                {
                    // A large document may take minutes more. What was embedded of it is in the cache, so doing it again costs little.
                    return new(number, batch, null, null);
                }
            }
            catch (Exception) when (abort.IsCancellationRequested)
            {
                // Whatever a stopped call ends with says nothing about the batch.
                return new(number, batch, null, null);
            }
            catch (Exception e)
            {
                var fault = Attempts.Classify(e, "A batch");
                if (attempts.WaitAfter(fault, out var end) is not { } delay)
                {
                    return new(number, batch, null, end);
                }

                host.Stalled(fault.Code, Attempts.Describe(fault, delay));
                if (!await WaitAsync(delay, drain))
                {
                    return new(number, batch, null, null);
                }
            }
        }
    }

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

/// <summary>How a batch in flight ended.</summary>
/// <param name="Number">Its number in the tracker.</param>
/// <param name="Batch">The batch.</param>
/// <param name="Counters">What it did; null when it was given up or failed.</param>
/// <param name="Error">Why it failed.</param>
internal readonly record struct BatchCompletion(long Number, SourceBatch Batch, JobCounters? Counters, Exception? Error);
