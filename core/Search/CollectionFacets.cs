using Quiver.Core.Vectors;

namespace Quiver.Core.Search;

/// <summary>Counts the points of a collection by the values of a field. Thread-safe.</summary>
public sealed class CollectionFacets(IVectorStore store)
{
    /// <summary>Returns the most frequent values, highest count first, then by value. Exact; points without the field do not count.</summary>
    /// <exception cref="InvalidRequestException">The request is out of range, or the store cannot count by this field.</exception>
    public async Task<ImmutableArray<FacetValue>> CountAsync(CollectionBinding binding, FacetRequest request, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(binding);
        ArgumentNullException.ThrowIfNull(request);
        if (request.Filter.Count > SearchRequest.MaxFilters)
        {
            throw new InvalidRequestException(ErrorCodes.InvalidOption, $"A count has at most {SearchRequest.MaxFilters} filters, not {request.Filter.Count}: leave some out.");
        }

        return [.. await store.FacetAsync(binding.PointScope, request, cancellationToken)];
    }
}
