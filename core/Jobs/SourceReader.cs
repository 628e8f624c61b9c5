using System.Threading.Channels;
using Quiver.Core.Resilience;
using Quiver.Core.Sources;

namespace Quiver.Core.Jobs;

/// <summary>
/// Reads a source ahead of the pump, on the thread pool and never on a grain's scheduler, by at most <see cref="BatchesAhead"/> batches. A
/// fault that passes is waited out and reading goes on behind the last record; what was read before it need not wait for that.
/// </summary>
internal sealed class SourceReader(IDocumentSource source, Batcher batcher, Attempts attempts, TimeProvider time)
{
    public const int BatchesAhead = 2;

    private readonly Channel<SourceBatch> _batches = Channel.CreateBounded<SourceBatch>(
        new BoundedChannelOptions(BatchesAhead) { SingleReader = true, SingleWriter = true });

    private readonly Channel<ReadingStall> _stalls = Channel.CreateBounded<ReadingStall>(
        new BoundedChannelOptions(1) { SingleReader = true, SingleWriter = true, FullMode = BoundedChannelFullMode.DropOldest });

    private SourceCursor _at = SourceCursor.Start;

    /// <summary>Batches in the source's order; completes with the source, or with its error.</summary>
    public ChannelReader<SourceBatch> Batches => _batches.Reader;

    /// <summary>The wait that was begun last, until it is taken. Never completes.</summary>
    public ChannelReader<ReadingStall> Stalls => _stalls.Reader;

    /// <summary>Starts reading; the task ends when the source did, when it failed (the error is the channel's), or when cancelled.</summary>
    public Task RunAsync(SourceCursor from, CancellationToken cancellationToken)
    {
        _at = from;
        return Task.Run(() => ReadAsync(cancellationToken), CancellationToken.None);
    }

    private async Task ReadAsync(CancellationToken cancellationToken)
    {
        try
        {
            while (await FindFaultAsync(cancellationToken) is { } fault)
            {
                await FlushAsync(cancellationToken);
                var wait = attempts.WaitAfter(fault, out var end) ?? throw end;
                var waiting = Task.Delay(wait, time, cancellationToken);
                _stalls.Writer.TryWrite(new(fault.Code, Attempts.Describe(fault, wait)));
                await waiting;
            }

            await FlushAsync(cancellationToken);
            _batches.Writer.Complete();
        }
        catch (Exception e)
        {
            _batches.Writer.Complete(e);
        }
    }

    /// <summary>Reads to the source's end, or to what stopped it.</summary>
    private async Task<QuiverException?> FindFaultAsync(CancellationToken cancellationToken)
    {
        try
        {
            await foreach (var record in source.ReadAsync(_at, cancellationToken).WithCancellation(cancellationToken))
            {
                _at = record.Next;
                attempts.Succeeded();
                foreach (var batch in batcher.Add(record))
                {
                    await _batches.Writer.WriteAsync(batch, cancellationToken);
                }
            }

            return null;
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            // A source that cancels itself has not ended: taking it for the end would complete a job that saw half of it.
            return Attempts.Classify(e, "Reading the source");
        }
    }

    private async Task FlushAsync(CancellationToken cancellationToken)
    {
        if (batcher.Flush() is { } read)
        {
            await _batches.Writer.WriteAsync(read, cancellationToken);
        }
    }
}

/// <summary>A wait of the reader before it reads on.</summary>
/// <param name="Code">Why: a stable code.</param>
/// <param name="Message">Why: a sentence.</param>
internal readonly record struct ReadingStall(string Code, string Message);
