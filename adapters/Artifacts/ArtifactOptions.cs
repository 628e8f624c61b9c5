namespace Quiver.Adapters.Artifacts;

/// <summary>Where artifacts are kept and how long links to them work. Section <c>Quiver:Artifacts</c>.</summary>
public sealed class ArtifactOptions
{
    /// <summary>Where the settings are.</summary>
    public const string Section = "Quiver:Artifacts";

    /// <summary>A folder, or a bucket at the server of <c>Quiver:S3</c>. Default: <see cref="ArtifactPlace.Directory"/>.</summary>
    public ArtifactPlace Store { get; set; } = ArtifactPlace.Directory;

    /// <summary>The absolute folder; empty for <c>artifacts</c> in the data directory. Default: empty.</summary>
    public string Directory { get; set; } = "";

    /// <summary>The bucket; needed with <see cref="ArtifactPlace.S3"/>. Default: empty.</summary>
    public string Bucket { get; set; } = "";

    /// <summary>What keys in the bucket begin with; empty, or ending with a slash. Default: empty.</summary>
    public string Prefix { get; set; } = "";

    /// <summary>How long a link works, 1 minute to 7 days. Default: 1 hour.</summary>
    public TimeSpan LinkLifetime { get; set; } = TimeSpan.FromHours(1);
}
