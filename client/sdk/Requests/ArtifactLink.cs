namespace Quiver.Client.Requests;

/// <summary>Something that a job left behind for people, and how to fetch it.</summary>
public sealed record ArtifactLink
{
    /// <summary>Its name among the job's artifacts, such as <c>failures.jsonl</c>.</summary>
    public required string Name { get; init; }

    /// <summary>Its length.</summary>
    public required long Bytes { get; init; }

    /// <summary>What it holds.</summary>
    public required string ContentType { get; init; }

    /// <summary>Where it is fetched with GET by anybody who has the address; relative to the server unless it is absolute.</summary>
    public required Uri Link { get; init; }

    /// <summary>When the link ends to work, UTC.</summary>
    public required DateTimeOffset ExpiresAt { get; init; }

    /// <summary>Where it lies: a path on the server, or an <c>s3://</c> address.</summary>
    public required string Location { get; init; }
}
