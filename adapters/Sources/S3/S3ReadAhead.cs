using System.Runtime.CompilerServices;
using Quiver.Adapters.Storage.S3;

namespace Quiver.Adapters.Sources.S3;

/// <summary>
/// Fetches small objects while those before them are worked on, so that a prefix of many does not take a round trip to the server for
/// each: at most so many objects of at most <see cref="MostBytes"/> each are held.
/// </summary>
internal static class S3ReadAhead
{
    /// <summary>A larger object is streamed when its turn comes.</summary>
    public const int MostBytes = 256 * 1024;

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
        requests.Options.ReadAhead > 0 && entry.Found is { Size: > 0 and <= MostBytes } found && found.Size <= requests.Options.MaxObjectBytes
            ? ReadAsync(found, requests, cancellationToken)
            : null;

    private static async Task<byte[]> ReadAsync(S3Object found, S3Requests requests, CancellationToken cancellationToken)
    {
        var content = new byte[found.Size];
        await using var stream = new S3ObjectStream(requests, found, 0, requests.WaitsOfJob());
        await stream.ReadExactlyAsync(content, cancellationToken);
        return content;
    }
}
