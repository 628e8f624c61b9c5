using System.Runtime.CompilerServices;
using Quiver.Adapters.Storage.S3;

namespace Quiver.Adapters.Sources.S3;

/// <summary>
/// Fetches small objects ahead of the reader, which saves a round trip to the server for each. Holds at most
/// <see cref="S3Options.ReadAhead"/> objects of at most <see cref="MaxBytes"/> each.
/// </summary>
internal static class S3ReadAhead
{
    /// <summary>A larger object is streamed when the reader reaches it.</summary>
    public const int MaxBytes = 256 * 1024;

    /// <summary>The entries in their order.</summary>
    public static async IAsyncEnumerable<ReadAheadEntry> OverAsync(
        IAsyncEnumerable<S3Entry> entries, S3Requests requests, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Queue<ReadAheadEntry> ahead = new(requests.Options.ReadAhead + 1);
        try
        {
            await foreach (var entry in entries.WithCancellation(cancellationToken))
            {
                ahead.Enqueue(new(entry, Begin(entry, requests, stop.Token)));
                if (ahead.Count > requests.Options.ReadAhead)
                {
                    yield return ahead.Dequeue();
                }
            }

            while (ahead.TryDequeue(out var entry))
            {
                yield return entry;
            }
        }
        finally
        {
            await stop.CancelAsync();
            await Task.WhenAll(ahead.Select(entry => entry.Content ?? Task.CompletedTask)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private static Task<byte[]>? Begin(S3Entry entry, S3Requests requests, CancellationToken cancellationToken) =>
        requests.Options.ReadAhead > 0 && entry.Found is { Size: > 0 and <= MaxBytes } found && found.Size <= requests.Options.MaxObjectBytes
            ? ReadAsync(found, requests, cancellationToken)
            : null;

    private static async Task<byte[]> ReadAsync(S3Object found, S3Requests requests, CancellationToken cancellationToken)
    {
        var content = new byte[found.Size];
        await using var stream = new S3ObjectStream(requests, found, 0, requests.JobRetry());
        await stream.ReadExactlyAsync(content, cancellationToken);
        return content;
    }
}

/// <summary>An object that a walk reached, with its prefetched content.</summary>
/// <param name="Entry">The object.</param>
/// <param name="Content">All of its bytes, or the error of reading them; null when they are streamed.</param>
internal readonly record struct ReadAheadEntry(S3Entry Entry, Task<byte[]>? Content);

/// <summary>The prefetched bytes of an object from an offset. Throws the error of fetching them.</summary>
internal sealed class FetchedStream(Task<byte[]> fetching, int offset) : ForwardStream
{
    private int _position = offset;

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var content = await fetching.WaitAsync(cancellationToken);
        var read = Math.Min(buffer.Length, content.Length - _position);
        content.AsSpan(_position, read).CopyTo(buffer.Span);
        _position += read;
        return read;
    }
}
