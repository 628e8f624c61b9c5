namespace Quiver.Client.Requests;

/// <summary>A submission over HTTP: a <see cref="JobSpec"/> without its tenant, which the header names.</summary>
/// <remarks>Optional members are null when left out: the generated reader of JSON does not keep initial values of init-only members.</remarks>
public sealed record JobRequest
{
    /// <summary>Where the points go; created when it does not exist.</summary>
    public required CollectionName Collection { get; init; }

    /// <summary>What to read.</summary>
    public required JobSourceRequest Source { get; init; }

    /// <summary>What to do about known documents. Default: update.</summary>
    public SyncMode? Sync { get; init; }

    /// <summary>How to cut documents. Default: as the model recommends.</summary>
    public ChunkingSpec? Chunking { get; init; }

    /// <summary>Batches in flight at a time, 1 to 64. Default: the server's.</summary>
    public int? MaxInFlight { get; init; }

    /// <summary>The tolerated part of failed documents, 0 to 1. Default: the server's.</summary>
    public double? MaxFailureRatio { get; init; }

    /// <summary>Count documents, chunks and tokens, write nothing. Default: false.</summary>
    public bool? DryRun { get; init; }

    /// <summary>
    /// A second submission with the same token returns the first job; at most 128 characters. The header <c>Idempotency-Key</c> says the same.
    /// </summary>
    public string? IdempotencyToken { get; init; }

    /// <summary>The request that stands for a spec.</summary>
    /// <param name="spec">The spec.</param>
    public static JobRequest From(JobSpec spec)
    {
        ArgumentNullException.ThrowIfNull(spec);
        return new()
        {
            Collection = spec.Collection,
            Source = JobSourceRequest.From(spec.Source),
            Sync = spec.Sync,
            Chunking = spec.Chunking,
            MaxInFlight = spec.MaxInFlight,
            MaxFailureRatio = spec.MaxFailureRatio,
            DryRun = spec.DryRun,
            IdempotencyToken = spec.IdempotencyToken,
        };
    }

    /// <summary>The spec that this request stands for.</summary>
    /// <param name="tenant">The tenant that the header names.</param>
    public JobSpec ToSpec(TenantId tenant) => new()
    {
        Tenant = tenant,
        Collection = Collection,
        Source = Source.ToSpec(),
        Sync = Sync ?? SyncMode.Update,
        Chunking = Chunking ?? new(),
        MaxInFlight = MaxInFlight,
        MaxFailureRatio = MaxFailureRatio,
        DryRun = DryRun ?? false,
        IdempotencyToken = IdempotencyToken,
    };
}
