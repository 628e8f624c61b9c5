
using Quiver.Core.Ledger;
using Quiver.Core.Vectors;

namespace Quiver.Core.Collections;

/// <summary>Reads a collection's points page by page. Thread-safe.</summary>
public sealed class CollectionExport(IVectorStore store)
{
    /// <summary>A page of points by id.</summary>
    /// <param name="binding">The collection.</param>
    /// <param name="after">The page before's <see cref="Page{T}.Next"/>.</param>
    /// <param name="limit">1 to 1,000.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<Page<ExportedPoint>> ReadAsync(CollectionBinding binding, string? after, int limit, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(binding);
        var points = await store.ScrollAsync(
            binding.PhysicalCollection,
            binding.Key,
            PageTokens.ParseId(after),
            PageSize.Require(limit),
            withVectors: true,
            cancellationToken);
        return new Page<ExportedPoint>
        {
            Items = [.. points.Select(point => new ExportedPoint { Id = point.Id, Vector = [.. point.Vector.Span], PayloadJson = PayloadJson.Write(point.Payload) })],
            Next = points.Count == limit ? points[^1].Id.ToString() : null,
        };
    }
}
