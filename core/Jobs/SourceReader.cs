using System.Threading.Channels;
using Quiver.Core.Resilience;
using Quiver.Core.Sources;

namespace Quiver.Core.Jobs;

/// <summary>
/// Reads a source ahead of the pump by at most <see cref="BatchesAhead"/> batches, on the thread pool and never on a grain's scheduler. After a
/// transient fault it waits and continues after the last record; batches that are already read do not wait for that.
/// </summary>
internal sealed class SourceReader(IDocumentSource source, Batcher batcher, RetryAttempts attempts, TimeProvider time)
{
    public const int BatchesAhead = 2;

    private readonly Channel<Batch> _batches = Channel.CreateBounded<Batch>(
        new BoundedChannelOptions(BatchesAhead) { SingleReader = true, SingleWriter = true });

    private readonly Channel<SourceStall> _stalls = Channel.CreateBounded<SourceStall>(
        new BoundedChannelOptions(1) { SingleReader = true, SingleWriter = true, FullMode = BoundedChannelFullMode.DropOldest });

    private SourceCursor _cursor = SourceCursor.Start;

    /// <summary>Batches in source order; completes with the source, or with its error.</summary>
    public ChannelReader<Batch> Batches => _batches.Reader;

    /// <summary>The latest wait, until it is read. Never completes.</summary>
    public ChannelReader<SourceStall> Stalls => _stalls.Reader;

    /// <summary>Starts reading. The task ends when the source ends, fails (the channel carries the error), or is cancelled.</summary>
    public Task RunAsync(SourceCursor from, CancellationToken cancellationToken)
    {
        _cursor = from;
        return Task.Run(() => ReadAsync(cancellationToken), CancellationToken.None);
    }

    private async Task ReadAsync(CancellationToken cancellationToken)
    {
        try
        {
            while (await ReadToFaultAsync(cancellationToken) is { } fault)
            {
                await FlushAsync(cancellationToken);
                var wait = attempts.WaitAfter(fault, out var end) ?? throw end;
                var waiting = Task.Delay(wait, time, cancellationToken);
                _stalls.Writer.TryWrite(new(fault.Code, JobRetry.Describe(fault, wait)));
                await waiting;
            }

            await FlushAsync(cancellationToken);
            _batches.Writer.Complete();
        }
        catch (Exception exception)
        {
            _batches.Writer.Complete(exception);
        }
    }

    /// <summary>Reads to the source's end, or returns the fault that stopped it.</summary>
    private async Task<QuiverException?> ReadToFaultAsync(CancellationToken cancellationToken)
    {
        try
        {
            await foreach (var record in source.ReadAsync(_cursor, cancellationToken).WithCancellation(cancellationToken))
            {
                _cursor = record.Next;
                attempts.Succeeded();
                foreach (var batch in batcher.Add(record))
                {
                    await _batches.Writer.WriteAsync(batch, cancellationToken);
                }
            }

            return null;
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            // A source that cancels itself has not ended: treating that as the end would complete a job that read half of it.
            return JobRetry.Classify(exception, "Reading the source");
        }
    }

    private async Task FlushAsync(CancellationToken cancellationToken)
    {
        if (batcher.Flush() is { } batch)
        {
            await _batches.Writer.WriteAsync(batch, cancellationToken);
        }
    }
}

/// <summary>A wait of the reader before it continues.</summary>
/// <param name="Code">The reason: a stable code.</param>
/// <param name="Message">The reason: a sentence.</param>
internal readonly record struct SourceStall(string Code, string Message);
