using Quiver.Core.Resilience;
using Quiver.GrainInterfaces.Workers;

namespace Quiver.Core.Jobs;

/// <summary>
/// Processes a batch to its end: large documents in several calls, with retries of transient faults, and waits while the remote side throttles
/// or has an outage, up to the outage limit.
/// </summary>
internal sealed class BatchRunner(IPumpHost host, JobRetry retry, TimeProvider time)
{
    /// <summary>Runs a batch. Never throws.</summary>
    /// <param name="number">Its number in the tracker.</param>
    /// <param name="batch">The batch.</param>
    /// <param name="stop">A drain gives the batch up in the middle of a large document or of a delay; an abort also stops its call.</param>
    public async Task<BatchCompletion> RunAsync(long number, Batch batch, RunStop stop)
    {
        var done = JobCounters.Zero;
        var rest = batch;
        ChunkCursor? from = null;
        var attempts = retry.Start();
        while (true)
        {
            try
            {
                var result = await host.ProcessAsync(rest, from, stop.Aborting);
                done = done.Add(result.Counters);
                attempts.Succeeded();
                if (result.NextDocument is not { } next)
                {
                    return new(number, batch, done, null);
                }

                rest = rest with { Documents = rest.Documents[next..] };
                from = result.NextChunk;
                if (stop.IsDraining && from is not null)
                {
                    // A large document may take minutes more. Its embeddings are cached, so repeating it costs little.
                    return new(number, batch, null, null);
                }
            }
            catch (Exception) when (stop.IsAborting)
            {
                // The error of an aborted call says nothing about the batch.
                return new(number, batch, null, null);
            }
            catch (Exception exception)
            {
                var fault = JobRetry.Classify(exception, "A batch");
                if (attempts.WaitAfter(fault, out var end) is not { } delay)
                {
                    return new(number, batch, null, end);
                }

                host.Stalled(fault.Code, JobRetry.Describe(fault, delay));
                if (!await WaitAsync(delay, stop.Draining))
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
internal readonly record struct BatchCompletion(long Number, Batch Batch, JobCounters? Counters, Exception? Error);
