using Quiver.Core.Vectors;
using Wire = Qdrant.Client.Grpc;

namespace Quiver.Adapters.Vectors.Qdrant;

/// <content>Counts.</content>
internal sealed partial class QdrantStore
{
    private const int CountsAtOnce = 8;

    // Counts of facets are estimates: values just below the cut may belong above it.
    private const int FacetSlack = 16;

    /// <inheritdoc/>
    public Task<long> CountAsync(PointScope scope, CancellationToken cancellationToken = default)
    {
        VectorStoreValidator.CheckName(scope.PhysicalCollection);
        return OrWhenMissingAsync(0L, () => CountAsync(scope.PhysicalCollection, new PointFilter(scope.Collection).ToMessage(), cancellationToken));
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<FacetValue>> FacetAsync(PointScope scope, FacetRequest request, CancellationToken cancellationToken = default)
    {
        VectorStoreValidator.CheckName(scope.PhysicalCollection);
        VectorStoreValidator.CheckFacet(request);
        var filter = new PointFilter(scope.Collection) { Fields = request.Filter };
        var message = new Wire.FacetCounts
        {
            CollectionName = scope.PhysicalCollection,
            Key = PointFilter.KeyPath(request.Field),
            Limit = (ulong)Math.Min(request.Limit + FacetSlack, VectorStoreValidator.MaxLimit),
            Filter = filter.ToMessage(),

            // For an exact answer the server counts every value that there is, also beyond the limit, with a filtered read for each.
            Exact = false,
        };
        return OrWhenMissingAsync<IReadOnlyList<FacetValue>>(
            [],
            async () =>
            {
                var answer = await _transport.SendAsync(
                    Read("facet", scope.PhysicalCollection), options => _transport.Points.FacetAsync(message, options), cancellationToken);
                List<FacetValue> values = [];
                foreach (var hits in answer.Hits.Chunk(CountsAtOnce))
                {
                    values.AddRange(await Task.WhenAll(hits.Select(hit => CountAsync(scope.PhysicalCollection, filter, request.Field, hit.Value, cancellationToken))));
                }

                return [.. VectorStoreValidator.Order(values.Where(static value => value.Points > 0)).Take(request.Limit)];
            });
    }

    private async Task<FacetValue> CountAsync(
        string physicalCollection, PointFilter filter, string field, Wire.FacetValue value, CancellationToken cancellationToken)
    {
        var count = await CountAsync(physicalCollection, (filter with { Facet = (field, value) }).ToMessage(), cancellationToken);
        return new(value.VariantCase switch
        {
            Wire.FacetValue.VariantOneofCase.IntegerValue => value.IntegerValue.ToString(System.Globalization.CultureInfo.InvariantCulture),
            Wire.FacetValue.VariantOneofCase.BoolValue => value.BoolValue ? "true" : "false",
            _ => value.StringValue,
        }, count);
    }

    private async Task<long> CountAsync(string physicalCollection, Wire.Filter filter, CancellationToken cancellationToken)
    {
        var message = new Wire.CountPoints { CollectionName = physicalCollection, Filter = filter, Exact = true };
        try
        {
            var answer = await _transport.SendAsync(
                Read("count", physicalCollection), options => _transport.Points.CountAsync(message, options), cancellationToken);
            return (long)(answer.Result?.Count ?? 0);
        }
        catch (InvalidRequestException exception) when (QdrantFaults.ForbidsExact(exception))
        {
            // Strict mode can forbid exact counts, and estimates are wrong while the server optimizes: the ids are read instead.
            return await CountIdsAsync(physicalCollection, filter, cancellationToken);
        }
    }

    private async Task<long> CountIdsAsync(string physicalCollection, Wire.Filter filter, CancellationToken cancellationToken)
    {
        var count = 0L;
        Wire.PointId? next = null;
        do
        {
            (var ids, next) = await FindIdsAsync(physicalCollection, filter, VectorStoreValidator.MaxLimit, cancellationToken, next);
            count += ids.Count;
        }
        while (next is not null);
        return count;
    }
}
