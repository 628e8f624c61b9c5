using System.Globalization;
using Grpc.Core;
using Wire = Qdrant.Client.Grpc;

namespace Quiver.Tests.Support.Qdrant;

/// <summary>
/// What a server in strict mode rejects: filters on payload fields without a suitable index, exact counts where they are forbidden, points
/// beyond the limits of the collection, and requests beyond its rates. The server uses estimates that are some seconds old; here they are exact.
/// </summary>
internal static class StandInStrictMode
{
    /// <summary>The configuration of a server that is strict by default.</summary>
    public static Wire.StrictModeConfig Strictest() => new() { Enabled = true, UnindexedFilteringRetrieve = false, UnindexedFilteringUpdate = false };

    /// <summary>Rejects a read.</summary>
    public static void CheckRead(StandInCollection collection, Wire.Filter? filter, bool isExact = false)
    {
        if (!collection.StrictMode.Enabled)
        {
            return;
        }

        if (collection.StrictMode is { HasUnindexedFilteringRetrieve: true, UnindexedFilteringRetrieve: false })
        {
            CheckIndexes(collection, filter);
        }

        if (isExact && collection.StrictMode is { HasSearchAllowExact: true, SearchAllowExact: false })
        {
            throw StandInErrors.StrictMode("Exact search disabled!. Help: Set exact=false.");
        }

        if (collection.StrictMode.HasReadRateLimit)
        {
            collection.Rates.Take("Read", collection.StrictMode.ReadRateLimit, 1 + StandInFilter.Count(filter));
        }
    }

    /// <summary>Rejects a request that changes points.</summary>
    /// <param name="collection">The collection.</param>
    /// <param name="filter">The request's filter; null for none.</param>
    /// <param name="points">The points that it writes or deletes by id: the rate counts them, not requests.</param>
    public static void CheckWrite(StandInCollection collection, Wire.Filter? filter, int points)
    {
        if (!collection.StrictMode.Enabled)
        {
            return;
        }

        if (collection.StrictMode is { HasUnindexedFilteringUpdate: true, UnindexedFilteringUpdate: false })
        {
            CheckIndexes(collection, filter);
        }

        if (collection.StrictMode.HasWriteRateLimit)
        {
            collection.Rates.Take("Write", collection.StrictMode.WriteRateLimit, Math.Max(points, 1));
        }
    }

    /// <summary>Rejects too many points in a request or in the collection.</summary>
    public static void CheckPoints(StandInCollection collection, int coming)
    {
        var mode = collection.StrictMode;
        if (!mode.Enabled)
        {
            return;
        }

        if (mode.HasUpsertMaxBatchsize && (ulong)coming > mode.UpsertMaxBatchsize)
        {
            throw StandInErrors.StrictMode(
                $"Limit exceeded {coming} > {mode.UpsertMaxBatchsize} for \"upsert limit\". Help: Reduce the \"upsert limit\" parameter to or below {mode.UpsertMaxBatchsize}.");
        }

        var stored = (ulong)collection.Points.Values.Sum(static point => (long)point.Vector.Length * sizeof(float));
        if (mode.HasMaxCollectionVectorSizeBytes && stored >= mode.MaxCollectionVectorSizeBytes)
        {
            throw StandInErrors.StrictMode(
                string.Create(CultureInfo.InvariantCulture, $"Max vector storage size limit of {mode.MaxCollectionVectorSizeBytes / 1048576f}MB reached!"));
        }

        if (mode.HasMaxPointsCount && (ulong)collection.Points.Count >= mode.MaxPointsCount)
        {
            throw StandInErrors.StrictMode($"Max points count limit of {mode.MaxPointsCount} reached!");
        }
    }

    private static void CheckIndexes(StandInCollection collection, Wire.Filter? filter)
    {
        foreach (var condition in filter is null ? [] : filter.Must.Concat(filter.Should).Concat(filter.MustNot))
        {
            CheckIndexes(collection, condition.Filter);
            if (condition.Field is { } field)
            {
                var types = Types(field);
                if (!collection.Indexes.TryGetValue(field.Key.Trim('"'), out var index) || !types.Contains(index.DataType))
                {
                    throw StandInErrors.StrictMode(
                        $"Index required but not found for \"{field.Key}\" of one of the following types: [{string.Join(", ", types.Select(static type => type.ToString().ToLowerInvariant()))}]. Help: Create an index for this key or use a different filter.");
                }
            }
        }
    }

    private static Wire.PayloadSchemaType[] Types(Wire.FieldCondition field) => field switch
    {
        { Match.MatchValueCase: Wire.Match.MatchValueOneofCase.Integer } => [Wire.PayloadSchemaType.Integer],
        { Match.MatchValueCase: Wire.Match.MatchValueOneofCase.Boolean } => [Wire.PayloadSchemaType.Bool],
        { Match: not null } => [Wire.PayloadSchemaType.Keyword, Wire.PayloadSchemaType.Uuid],
        { Range: not null } => [Wire.PayloadSchemaType.Float, Wire.PayloadSchemaType.Integer],
        _ => [Wire.PayloadSchemaType.Datetime],
    };
}

/// <summary>The rates of a collection: a bucket of a minute's tokens for reads, one for writes. Not thread-safe.</summary>
internal sealed class StandInRates
{
    private readonly Dictionary<string, (double Tokens, long At)> _buckets = [];

    /// <summary>The clock.</summary>
    public TimeProvider Time { get; set; } = TimeProvider.System;

    /// <summary>Takes the cost of a request.</summary>
    /// <exception cref="RpcException">The bucket holds too little, or never holds so much.</exception>
    public void Take(string kind, uint limit, int cost)
    {
        if (cost > limit)
        {
            throw StandInErrors.Of(
                StatusCode.ResourceExhausted,
                $"Rate limiting exceeded: {kind} rate limit exceeded, request larger than rate limiter capacity, please try to split your request");
        }

        var now = Time.GetTimestamp();
        var (tokens, at) = _buckets.GetValueOrDefault(kind, (limit, now));
        tokens = Math.Min(limit, tokens + (Time.GetElapsedTime(at, now).TotalMinutes * limit));
        if (tokens < cost)
        {
            _buckets[kind] = (tokens, now);
            var wait = ((int)Math.Ceiling((cost - tokens) * 60 / limit)).ToString(CultureInfo.InvariantCulture);
            throw StandInErrors.Of(
                StatusCode.ResourceExhausted,
                string.Create(CultureInfo.InvariantCulture, $"Rate limiting exceeded: {kind} rate limit exceeded: Operation requires {cost} tokens but only {tokens:0.0} were available. Retry after {wait}s"),
                ("retry-after", wait));
        }

        _buckets[kind] = (tokens - cost, now);
    }
}
