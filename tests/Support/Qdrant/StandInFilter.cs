using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Wire = Qdrant.Client.Grpc;

namespace Quiver.Tests.Support.Qdrant;

/// <summary>The part of Qdrant's filters that is used.</summary>
internal static class StandInFilter
{
    public static bool Matches(Wire.Filter? filter, StandInPoint point) =>
        filter is null
        || (filter.Must.All(condition => Holds(condition, point))
            && (filter.Should.Count == 0 || filter.Should.Any(condition => Holds(condition, point)))
            && !filter.MustNot.Any(condition => Holds(condition, point)));

    /// <summary>The number of conditions, those of inner filters included.</summary>
    public static int Count(Wire.Filter? filter) => filter is null
        ? 0
        : filter.Must.Concat(filter.Should).Concat(filter.MustNot).Sum(static condition => condition.Filter is { } inner ? Count(inner) : 1);

    private static bool Holds(Wire.Condition condition, StandInPoint point) => condition.ConditionOneOfCase switch
    {
        Wire.Condition.ConditionOneOfOneofCase.HasId => condition.HasId.HasId.Any(id => Guid.Parse(id.Uuid) == point.Id),
        Wire.Condition.ConditionOneOfOneofCase.Filter => Matches(condition.Filter, point),
        Wire.Condition.ConditionOneOfOneofCase.Field => Holds(condition.Field, point),
        var other => throw new InvalidOperationException($"The stand-in knows no condition '{other}'."),
    };

    private static bool Holds(Wire.FieldCondition condition, StandInPoint point)
    {
        if (point.Payload[condition.Key.Trim('"')] is not { } value)
        {
            return false;
        }

        return StandInPayload.Values(value).Any(one =>
            condition.Match is { } match ? IsMatch(match, one)
            : condition.Range is { } range ? one.GetValueKind() == JsonValueKind.Number && InRange(range, one.GetValue<double>())
            : condition.DatetimeRange is { } times && one.GetValueKind() == JsonValueKind.String && InRange(times, Time(one.GetValue<string>())));
    }

    private static bool IsMatch(Wire.Match match, JsonNode value) => match.MatchValueCase switch
    {
        Wire.Match.MatchValueOneofCase.Keyword => value.GetValueKind() == JsonValueKind.String && value.GetValue<string>() == match.Keyword,
        Wire.Match.MatchValueOneofCase.Integer => value.GetValueKind() == JsonValueKind.Number && value.ToJsonString() == match.Integer.ToString(CultureInfo.InvariantCulture),
        Wire.Match.MatchValueOneofCase.Boolean => value.GetValueKind() == (match.Boolean ? JsonValueKind.True : JsonValueKind.False),
        var other => throw new InvalidOperationException($"The stand-in knows no match '{other}'."),
    };

    private static bool InRange(Wire.Range range, double value) =>
        (!range.HasLt || value < range.Lt) && (!range.HasLte || value <= range.Lte) && (!range.HasGt || value > range.Gt) && (!range.HasGte || value >= range.Gte);

    private static bool InRange(Wire.DatetimeRange range, DateTimeOffset value) =>
        (range.Lt is null || value < range.Lt.ToDateTimeOffset())
        && (range.Lte is null || value <= range.Lte.ToDateTimeOffset())
        && (range.Gt is null || value > range.Gt.ToDateTimeOffset())
        && (range.Gte is null || value >= range.Gte.ToDateTimeOffset());

    private static DateTimeOffset Time(string text) => DateTimeOffset.Parse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal);
}

/// <summary>Counts by values, for fields with an index that supports lookups.</summary>
internal static class StandInFacets
{
    private static readonly Wire.PayloadSchemaType[] Types =
        [Wire.PayloadSchemaType.Keyword, Wire.PayloadSchemaType.Integer, Wire.PayloadSchemaType.Bool, Wire.PayloadSchemaType.Uuid];

    /// <summary>Counts.</summary>
    /// <param name="collection">The collection.</param>
    /// <param name="message">The request.</param>
    /// <param name="filteredReads">Called for each read with a filter: an exact answer takes one for every value that there is, whatever the limit.</param>
    public static Wire.FacetResponse Count(StandInCollection collection, Wire.FacetCounts message, Action filteredReads)
    {
        if (!collection.Indexes.TryGetValue(message.Key, out var index) || !Types.Contains(index.DataType))
        {
            throw StandInErrors.WrongInput(
                $"No appropriate index for faceting: `{message.Key}`. Please create one to facet on this field. Check https://qdrant.tech/documentation/concepts/indexing/#payload-index to see which payload schemas support Match conditions");
        }

        filteredReads();
        var groups = collection.Points.Values
            .Where(point => StandInFilter.Matches(message.Filter, point))
            .SelectMany(point => StandInPayload.Values(point.Payload[message.Key.Trim('"')]).Select(static value => value.ToJsonString()).Distinct())
            .GroupBy(static value => value)
            .ToList();
        if (message.Exact)
        {
            groups.ForEach(_ => filteredReads());
        }

        // The order of equal counts is not defined.
        var factor = collection.IsOptimizing && !message.Exact ? 2 : 1;
        return new()
        {
            Hits =
            {
                groups
                    .OrderByDescending(static group => group.Count())
                    .ThenByDescending(static group => group.Key, StringComparer.Ordinal)
                    .Take(message.HasLimit ? (int)message.Limit : 10)
                    .Select(group => new Wire.FacetHit { Value = Read(JsonNode.Parse(group.Key)!), Count = (ulong)(group.Count() * factor) }),
            },
        };
    }

    private static Wire.FacetValue Read(JsonNode value) => value.GetValueKind() switch
    {
        JsonValueKind.Number => new() { IntegerValue = value.GetValue<long>() },
        JsonValueKind.True or JsonValueKind.False => new() { BoolValue = value.GetValue<bool>() },
        _ => new() { StringValue = value.GetValue<string>() },
    };
}
