using System.Threading.Channels;
using Quiver.Pipeline.Sources;

namespace Quiver.Pipeline.Jobs;

/// <summary>Reads a source ahead of the pump, on the thread pool and never on a grain's scheduler, by at most <see cref="BatchesAhead"/> batches.</summary>
internal sealed class SourceReader(IDocumentSource source, Batcher batcher)
{
    public const int BatchesAhead = 2;

    private readonly Channel<SourceBatch> _batches = Channel.CreateBounded<SourceBatch>(
        new BoundedChannelOptions(BatchesAhead) { SingleReader = true, SingleWriter = true });

    /// <summary>Batches in the source's order; completes with the source, or with its error.</summary>
    public ChannelReader<SourceBatch> Batches => _batches.Reader;

    /// <summary>Starts reading; the task ends when the source did, when it failed (the error is the channel's), or when cancelled.</summary>
    public Task RunAsync(SourceCursor from, CancellationToken cancellationToken) =>
        Task.Run(() => ReadAsync(from, cancellationToken), CancellationToken.None);

    private async Task ReadAsync(SourceCursor from, CancellationToken cancellationToken)
    {
        try
        {
            await foreach (var record in source.ReadAsync(from, cancellationToken).WithCancellation(cancellationToken))
            {
                foreach (var batch in batcher.Add(record))
                {
                    await _batches.Writer.WriteAsync(batch, cancellationToken);
                }
            }

            if (batcher.Flush() is { } last)
            {
                await _batches.Writer.WriteAsync(last, cancellationToken);
            }

            _batches.Writer.Complete();
        }
        catch (Exception e)
        {
            _batches.Writer.Complete(e);
        }
    }
}
