namespace Quiver.Client.Requests;

/// <summary>The exported report and failed documents of a job.</summary>
/// <param name="Job">The job.</param>
/// <param name="Failures">The number of failed documents written.</param>
/// <param name="Artifacts">All artifacts of the job, by name.</param>
public sealed record JobExport(JobId Job, long Failures, ImmutableArray<ArtifactLink> Artifacts);

/// <summary>An artifact of a job and the link to download it.</summary>
public sealed record ArtifactLink
{
    /// <summary>The name within the job, such as <c>failures.jsonl</c>.</summary>
    public required string Name { get; init; }

    /// <summary>The size in bytes.</summary>
    public required long Bytes { get; init; }

    /// <summary>The media type.</summary>
    public required string ContentType { get; init; }

    /// <summary>The download link (GET); anyone who has it can download. Relative to the server unless it is absolute.</summary>
    public required Uri Link { get; init; }

    /// <summary>When the link expires, UTC.</summary>
    public required DateTimeOffset ExpiresAt { get; init; }

    /// <summary>Where the artifact is stored: a path on the server, or an <c>s3://</c> address.</summary>
    public required string Location { get; init; }
}
