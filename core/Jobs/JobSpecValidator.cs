using Quiver.Core.Embedding;

namespace Quiver.Core.Jobs;

/// <summary>Validates job specs and resolves their defaults.</summary>
public static class JobSpecValidator
{
    private const int MinChunkTokens = 8;

    /// <summary>Returns the chunk size and the overlap of a spec, in tokens.</summary>
    public static (int MaxTokens, int OverlapTokens) Chunking(JobSpec spec, EmbeddingModelInfo model, JobOptions options)
    {
        ArgumentNullException.ThrowIfNull(spec);
        return Chunking(spec.Chunking, model, options);
    }

    /// <summary>Returns the chunk size and the overlap, in tokens.</summary>
    public static (int MaxTokens, int OverlapTokens) Chunking(ChunkingSpec chunking, EmbeddingModelInfo model, JobOptions options)
    {
        ArgumentNullException.ThrowIfNull(chunking);
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(options);
        var maxTokens = chunking.MaxTokens ?? model.RecommendedChunkTokens;
        return (maxTokens, chunking.OverlapTokens ?? Math.Min(options.OverlapTokens, maxTokens / 2));
    }

    /// <summary>Refuses chunking that is out of range.</summary>
    /// <exception cref="InvalidRequestException">With <see cref="ErrorCodes.InvalidOption"/>.</exception>
    public static void Validate(ChunkingSpec chunking, EmbeddingModelInfo model, JobOptions options)
    {
        var (maxTokens, overlap) = Chunking(chunking, model, options);
        Require(maxTokens >= MinChunkTokens && maxTokens <= model.MaxTokens, $"Chunk tokens are {MinChunkTokens} to {model.MaxTokens} for the model {model.Name}, not {maxTokens}: change --chunk-tokens (in JSON chunking.maxTokens).");
        Require(overlap >= 0 && overlap <= maxTokens / 2, $"Overlap tokens are 0 to half of the chunk tokens ({maxTokens / 2}), not {overlap}: change --overlap (in JSON chunking.overlapTokens).");
        Require(chunking.Strategy is null || Enum.IsDefined(chunking.Strategy.Value), "The chunking strategy is unknown: use structure, semantic or fixed.");
    }

    /// <summary>Refuses a spec that is out of range.</summary>
    /// <exception cref="InvalidRequestException">With <see cref="ErrorCodes.InvalidOption"/>, or <c>invalid_collection</c> without a collection.</exception>
    public static void Validate(JobSpec spec, EmbeddingModelInfo model, JobOptions options)
    {
        ArgumentNullException.ThrowIfNull(spec);
        Validate(spec.Chunking, model, options);
        CollectionName.Parse(spec.Collection.Value);
        Require(spec.MaxInFlight is null or (>= 1 and <= JobSpec.MaxInFlightLimit), $"Batches in flight are 1 to {JobSpec.MaxInFlightLimit}, not {spec.MaxInFlight}: change --max-in-flight (in JSON maxInFlight).");
        Require(spec.MaxFailureRatio is null or (>= 0 and <= 1), $"The maximum failure ratio is 0 to 1, not {spec.MaxFailureRatio}: change --max-failure-ratio (in JSON maxFailureRatio).");
        Require(Enum.IsDefined(spec.Sync), $"The sync mode {(int)spec.Sync} is unknown: use append, update or mirror.");
        Require(
            spec.Sync != SyncMode.Mirror || spec.Source.Table?.Since is null,
            "A mirroring job deletes what it does not read, so it cannot start at a bound: omit --since (in JSON source.table.since), or use update.");
        Require(Enum.IsDefined(spec.Source.Format), $"The format {(int)spec.Source.Format} is unknown: use auto, jsonl, json, text, markdown or code.");
    }

    /// <summary>True when two normalised specs request the same; their trace context does not matter.</summary>
    public static bool RequestTheSame(JobSpec first, JobSpec second)
    {
        ArgumentNullException.ThrowIfNull(first);
        ArgumentNullException.ThrowIfNull(second);

        // Records compare immutable arrays by reference, so the lists are compared separately.
        var (one, other) = (first.Source, second.Source);
        return first with { Source = other, TraceParent = second.TraceParent } == second
            && one with { Paths = other.Paths, Include = other.Include, Exclude = other.Exclude } == other
            && one.Paths.SequenceEqual(other.Paths)
            && one.Include.SequenceEqual(other.Include)
            && one.Exclude.SequenceEqual(other.Exclude);
    }

    private static void Require(bool holds, string message)
    {
        if (!holds)
        {
            throw new InvalidRequestException(ErrorCodes.InvalidOption, message);
        }
    }
}
