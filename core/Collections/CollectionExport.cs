using Quiver.Core.Vectors;

namespace Quiver.Core.Collections;

/// <summary>Exports a collection's points page by page. Thread-safe.</summary>
public sealed class CollectionExport(IVectorStore store)
{
    /// <summary>Returns a page of points, ordered by id.</summary>
    /// <param name="binding">The collection.</param>
    /// <param name="after">The previous page's <see cref="Page{T}.Next"/>; null for the first.</param>
    /// <param name="limit">1 to <see cref="PageSize.Max"/>.</param>
    /// <param name="cancellationToken">Stops the request.</param>
    public async Task<Page<ExportedPoint>> ReadAsync(CollectionBinding binding, string? after, int limit, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(binding);
        var points = await store.ScrollAsync(
            binding.PointScope,
            PageToken.ParseId(after),
            PageSize.Require(limit),
            withVectors: true,
            cancellationToken);
        return new Page<ExportedPoint>
        {
            Items = [.. points.Select(Export)],
            Next = points.Count == limit ? points[^1].Id.ToString() : null,
        };
    }

    private static ExportedPoint Export(StoredPoint point) => new() { Id = point.Id, Vector = [.. point.Vector.Span], PayloadJson = PayloadJson.Write(point.Payload) };
}
