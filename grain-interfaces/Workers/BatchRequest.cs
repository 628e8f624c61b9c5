namespace Quiver.GrainInterfaces.Workers;

/// <summary>A batch of documents to chunk, embed and store.</summary>
[GenerateSerializer, Immutable, Alias("quiver.batch-request.v1")]
public sealed record BatchRequest
{
    /// <summary>The job.</summary>
    [Id(0)]
    public required JobKey Job { get; init; }

    /// <summary>Where the points go; null in a dry run whose collection does not exist.</summary>
    [Id(1)]
    public CollectionBinding? Binding { get; init; }

    /// <summary>The documents, by ordinal.</summary>
    [Id(2)]
    public required ImmutableArray<DocumentItem> Items { get; init; }

    /// <summary>What to do about known documents.</summary>
    [Id(3)]
    public required SyncMode Sync { get; init; }

    /// <summary>The most tokens in a chunk.</summary>
    [Id(4)]
    public required int MaxTokens { get; init; }

    /// <summary>Tokens repeated from the chunk before.</summary>
    [Id(5)]
    public required int OverlapTokens { get; init; }

    /// <summary>The generation to mark documents and points with.</summary>
    [Id(6)]
    public required long Generation { get; init; }

    /// <summary>The job activation's epoch: writes of a lower one are refused once a higher one wrote.</summary>
    [Id(7)]
    public required long Epoch { get; init; }

    /// <summary>Count only.</summary>
    [Id(8)]
    public bool DryRun { get; init; }

    /// <summary>Where the first record goes on; the chunks before are stored. Default: null, its beginning.</summary>
    [Id(9)]
    public ChunkPlace? From { get; init; }

    /// <summary>When the job first ran: documents of this generation stored since then are the job's own, done again after a stop.</summary>
    [Id(10)]
    public required DateTimeOffset JobStartedAt { get; init; }

    /// <summary>The embedding model, with its revision; null takes the one that <see cref="Binding"/> names.</summary>
    [Id(11)]
    public string? Model { get; init; }

    /// <summary>Batches of the job that may be at the model at a time, at this silo; 0 for no bound.</summary>
    [Id(12)]
    public int MaxAtModel { get; init; }

    /// <summary>Whether the model has accepted texts of the job before, in whatever process.</summary>
    [Id(13)]
    public bool WasAccepted { get; init; }
}
