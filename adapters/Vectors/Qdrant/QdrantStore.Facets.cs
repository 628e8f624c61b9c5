using System.Text.Json;
using Quiver.Core.Vectors;

namespace Quiver.Adapters.Vectors.Qdrant;

/// <content>Counts by the values of a field.</content>
internal sealed partial class QdrantStore
{
    /// <inheritdoc/>
    public Task<IReadOnlyList<FacetValue>> FacetAsync(
        string physicalCollection, CollectionKey scope, FacetRequest request, CancellationToken cancellationToken = default)
    {
        PhysicalNames.Check(physicalCollection);
        FacetRules.RequireCountable(request);
        var body = RequestBody.Create(writer =>
        {
            writer.WriteString("key", PointFilter.KeyPath(request.Field));
            writer.WriteNumber("limit", request.Limit);
            writer.WriteFilter(new(scope) { Fields = request.Filter });
            writer.WriteBoolean("exact", true);
        });
        return OrWhenMissingAsync<IReadOnlyList<FacetValue>>(
            [],
            async () =>
            {
                using var answer = await _transport.SendAsync(Read("facet", physicalCollection, "/facet", body), cancellationToken);
                return answer.Read(static result => FacetRules.Order(
                    result.GetProperty("hits").EnumerateArray()
                        .Select(static hit => new FacetValue(ReadValue(hit.GetProperty("value")), hit.GetProperty("count").GetInt64()))));
            });
    }

    private static string ReadValue(JsonElement value) => value.ValueKind == JsonValueKind.String ? value.GetString()! : value.GetRawText();
}
