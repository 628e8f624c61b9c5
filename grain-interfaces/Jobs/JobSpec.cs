namespace Quiver.GrainInterfaces.Jobs;

/// <summary>A request to ingest a source into a collection.</summary>
[GenerateSerializer, Immutable, Alias("quiver.job-spec.v1")]
public sealed record JobSpec
{
    /// <summary>Who owns the job and the collection.</summary>
    [Id(0)]
    public required TenantId Tenant { get; init; }

    /// <summary>Where the points go; created when it does not exist.</summary>
    [Id(1)]
    public required CollectionName Collection { get; init; }

    /// <summary>What to read.</summary>
    [Id(2)]
    public required SourceSpec Source { get; init; }

    /// <summary>What to do about known documents. Default: <see cref="SyncMode.Update"/>.</summary>
    [Id(3)]
    public SyncMode Sync { get; init; } = SyncMode.Update;

    /// <summary>How to cut documents.</summary>
    [Id(4)]
    public ChunkingSpec Chunking { get; init; } = new();

    /// <summary>Batches in flight at a time, 1 to 64; null takes the silo's default.</summary>
    [Id(5)]
    public int? MaxInFlight { get; init; }

    /// <summary>The tolerated part of failed documents, 0 to 1; null takes the silo's default.</summary>
    [Id(6)]
    public double? MaxFailureRatio { get; init; }

    /// <summary>Count documents, chunks and tokens, write nothing. Default: false.</summary>
    [Id(7)]
    public bool DryRun { get; init; }

    /// <summary>A token of the caller's; a second submission with the same token returns the first job. At most 128 characters.</summary>
    [Id(8)]
    public string? IdempotencyToken { get; init; }

    /// <summary>The W3C trace context of the submission, linked by the job's spans.</summary>
    [Id(9)]
    public string? TraceParent { get; init; }
}
