using System.Globalization;
using Quiver.Core.Ledger;
using Quiver.Core.Vectors;

namespace Quiver.Core.Collections;

/// <summary>Reads the stored chunks of a document in order. Thread-safe.</summary>
public sealed class CollectionChunks(ILedger ledger, IVectorStore store)
{
    /// <summary>Returns a page of chunks by number. Chunks whose points the store has lost are missing.</summary>
    /// <param name="binding">The collection.</param>
    /// <param name="document">The document's id.</param>
    /// <param name="after">The previous page's <see cref="Page{T}.Next"/>; null for the first.</param>
    /// <param name="limit">1 to <see cref="PageSize.Max"/>.</param>
    /// <param name="cancellationToken">Stops the requests.</param>
    /// <exception cref="NotFoundException">With <see cref="ErrorCodes.UnknownDocument"/>.</exception>
    public async Task<Page<DocumentChunk>> ReadAsync(
        CollectionBinding binding, string document, string? after, int limit, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(binding);
        PageSize.Require(limit);
        var first = ParseToken(after);
        var known = (await ledger.FindAsync(binding.Key, [document], cancellationToken)).GetValueOrDefault(document)
            ?? throw new NotFoundException(
                ErrorCodes.UnknownDocument,
                $"Collection {binding.Key.Collection} has no document '{document}': 'quiver collections facets {binding.Key.Collection} document_id' (POST /v1/collections/{binding.Key.Collection}/facets) lists documents.");
        var end = Math.Min(known.ChunkCount, first + limit);
        if (first >= end)
        {
            return new() { Items = [] };
        }

        var ids = Enumerable.Range(first, end - first).Select(chunk => PointId.Create(binding.Key, document, chunk)).ToList();
        var points = await store.ReadAsync(binding.PointScope, ids, cancellationToken);
        return new()
        {
            Items = [.. points.Select(static point => Describe(point.Payload)).OrderBy(static chunk => chunk.Chunk)],
            Next = end < known.ChunkCount ? end.ToString(CultureInfo.InvariantCulture) : null,
        };
    }

    private static int ParseToken(string? after) => after is null ? 0
        : int.TryParse(after, NumberStyles.None, CultureInfo.InvariantCulture, out var first) ? first
        : throw PageToken.Invalid(after);

    private static DocumentChunk Describe(PointPayload payload) => new()
    {
        DocumentId = payload.DocumentId,
        Chunk = payload.Chunk,
        StartChar = payload.StartChar,
        EndChar = payload.EndChar,
        StartLine = payload.StartLine,
        EndLine = payload.EndLine,
        Title = payload.Title,
        Headings = payload.Headings,
        Text = payload.Text,
    };
}
