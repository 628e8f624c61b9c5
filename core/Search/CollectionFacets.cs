
using Quiver.Core.Vectors;

namespace Quiver.Core.Search;

/// <summary>Says what a collection holds: how many points have each value of a field. Thread-safe.</summary>
public sealed class CollectionFacets(IVectorStore store)
{
    private const int MaxFilters = 16;

    /// <summary>The values that most points have, most points first, then by value. Exact; points without the field do not count.</summary>
    /// <param name="binding">The collection.</param>
    /// <param name="request">The field, and which points count.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="InvalidRequestException">The request is out of range, or the store cannot count by this field.</exception>
    public async Task<ImmutableArray<FacetValue>> CountAsync(CollectionBinding binding, FacetRequest request, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(binding);
        ArgumentNullException.ThrowIfNull(request);
        if (request.Filter.Count > MaxFilters)
        {
            throw new InvalidRequestException(ErrorCodes.InvalidOption, $"A count has at most {MaxFilters} filters, not {request.Filter.Count}.");
        }

        return [.. await store.FacetAsync(binding.PhysicalCollection, binding.Key, request, cancellationToken)];
    }
}
