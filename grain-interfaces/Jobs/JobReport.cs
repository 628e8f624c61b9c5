namespace Quiver.GrainInterfaces.Jobs;

/// <summary>What a job did, for people and for records.</summary>
[GenerateSerializer, Immutable, Alias("quiver.job-report.v1")]
public sealed record JobReport
{
    /// <summary>The job as it stands.</summary>
    [Id(0)]
    public required JobStatus Status { get; init; }

    /// <summary>Documents finished a second, over <see cref="JobStatus.Elapsed"/>; 0 when nothing ran.</summary>
    [Id(1)]
    public required double DocumentsPerSecond { get; init; }

    /// <summary>Chunks stored a second, over <see cref="JobStatus.Elapsed"/>.</summary>
    [Id(2)]
    public required double ChunksPerSecond { get; init; }

    /// <summary>Failed documents by code, the most frequent first, from the first 1,000 that the ledger keeps.</summary>
    [Id(3)]
    public ImmutableDictionary<string, long> FailuresByCode { get; init; } = ImmutableDictionary<string, long>.Empty;

    /// <summary>The first ten failed documents.</summary>
    [Id(4)]
    public ImmutableArray<FailedDocument> FirstFailures { get; init; } = [];
}
