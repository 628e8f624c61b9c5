using System.Buffers;
using Google.Protobuf.WellKnownTypes;
using Quiver.Core.Vectors;
using Wire = Qdrant.Client.Grpc;

namespace Quiver.Adapters.Vectors.Qdrant;

/// <summary>
/// Selects the points of an operation. The only place that writes the tenant's scope into requests: there is no filter without it.
/// </summary>
/// <param name="Scope">The tenant and the collection.</param>
internal sealed record PointFilter(CollectionKey Scope)
{
    private static readonly SearchValues<char> PlainKey = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-");

    /// <summary>Only these ids.</summary>
    public IReadOnlyList<Guid>? Ids { get; init; }

    /// <summary>Only points with these values.</summary>
    public ImmutableDictionary<string, string> Fields { get; init; } = ImmutableDictionary<string, string>.Empty;

    /// <summary>Only points with this value of a field, of the type that a facet returned.</summary>
    public (string Field, Wire.FacetValue Value)? Facet { get; init; }

    /// <summary>Only points of generations before this one.</summary>
    public long? GenerationBefore { get; init; }

    /// <summary>Only points of this generation and later ones.</summary>
    public long? GenerationFrom { get; init; }

    /// <summary>Only points written before this time.</summary>
    public DateTimeOffset? IndexedBefore { get; init; }

    /// <summary>Only points written at this time or later.</summary>
    public DateTimeOffset? IndexedFrom { get; init; }

    /// <summary>Only points that a writer of this generation and epoch may replace.</summary>
    public (long Generation, long Epoch)? ReplaceableBy { get; init; }

    /// <summary>Only points of exactly this generation and epoch.</summary>
    public (long Generation, long Epoch)? WrittenBy { get; init; }

    /// <summary>The filter as the server takes it.</summary>
    /// <exception cref="InvalidRequestException">A field cannot be named in a filter.</exception>
    public Wire.Filter ToMessage()
    {
        var filter = new Wire.Filter();
        filter.Must.Add(Match(PayloadFields.Tenant, Scope.Tenant.Value));
        filter.Must.Add(Match(PayloadFields.Collection, Scope.Collection.Value));
        if (Ids is { } ids)
        {
            filter.Must.Add(OfIds(ids));
        }

        foreach (var (key, value) in Fields)
        {
            filter.Must.Add(Match(KeyPath(key), value));
        }

        if (Facet is var (field, facet))
        {
            filter.Must.Add(new Wire.Condition { Field = new() { Key = KeyPath(field), Match = MatchOf(facet) } });
        }

        AddRanges(filter);
        if (ReplaceableBy is var (generation, epoch))
        {
            filter.Should.Add(Range(PayloadFields.Generation, new Wire.Range { Lt = generation }));
            filter.Should.Add(new Wire.Condition
            {
                Filter = new() { Must = { Match(PayloadFields.Generation, generation), Range(PayloadFields.Epoch, new Wire.Range { Lte = epoch }) } },
            });
        }

        return filter;
    }

    /// <summary>The existing points with these ids that the filter does not select.</summary>
    public Wire.Filter ToUnlike(IReadOnlyList<Guid> ids) => new() { Must = { OfIds(ids) }, MustNot = { new Wire.Condition { Filter = ToMessage() } } };

    /// <summary>The server reads keys as paths: other than plain names are quoted, so that <c>a.b</c> is the field of that name.</summary>
    public static string KeyPath(string key) => key switch
    {
        _ when key.Length > 0 && !key.AsSpan().ContainsAnyExcept(PlainKey) => key,
        _ when key.Length == 0 || key.AsSpan().ContainsAny('"', '\\') => throw new InvalidRequestException(
            ErrorCodes.InvalidOption,
            $"Qdrant cannot filter or count by the field '{key}', because its name is empty or contains a quote or a backslash: rename the field."),
        _ => $"\"{key}\"",
    };

    private void AddRanges(Wire.Filter filter)
    {
        if (GenerationBefore is { } before)
        {
            filter.Must.Add(Range(PayloadFields.Generation, new Wire.Range { Lt = before }));
        }

        if (GenerationFrom is { } from)
        {
            filter.Must.Add(Range(PayloadFields.Generation, new Wire.Range { Gte = from }));
        }

        if (WrittenBy is var (generation, epoch))
        {
            filter.Must.Add(Match(PayloadFields.Generation, generation));
            filter.Must.Add(Match(PayloadFields.Epoch, epoch));
        }

        if (IndexedBefore is { } end)
        {
            filter.Must.Add(Range(PayloadFields.IndexedAt, new Wire.DatetimeRange { Lt = Timestamp.FromDateTimeOffset(end) }));
        }

        if (IndexedFrom is { } start)
        {
            filter.Must.Add(Range(PayloadFields.IndexedAt, new Wire.DatetimeRange { Gte = Timestamp.FromDateTimeOffset(start) }));
        }
    }

    private static Wire.Condition OfIds(IReadOnlyList<Guid> ids) =>
        new() { HasId = new() { HasId = { ids.Distinct().Select(static id => new Wire.PointId { Uuid = id.ToString() }) } } };

    private static Wire.Condition Match(string key, string value) => new() { Field = new() { Key = key, Match = new() { Keyword = value } } };

    private static Wire.Condition Match(string key, long value) => new() { Field = new() { Key = key, Match = new() { Integer = value } } };

    private static Wire.Match MatchOf(Wire.FacetValue value) => value.VariantCase switch
    {
        Wire.FacetValue.VariantOneofCase.IntegerValue => new() { Integer = value.IntegerValue },
        Wire.FacetValue.VariantOneofCase.BoolValue => new() { Boolean = value.BoolValue },
        _ => new() { Keyword = value.StringValue },
    };

    private static Wire.Condition Range(string key, Wire.Range range) => new() { Field = new() { Key = key, Range = range } };

    private static Wire.Condition Range(string key, Wire.DatetimeRange range) => new() { Field = new() { Key = key, DatetimeRange = range } };
}
