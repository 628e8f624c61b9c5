namespace Quiver.Adapters.Artifacts;

/// <summary>Where artifacts are kept.</summary>
public enum ArtifactPlace
{
    /// <summary>In a folder of this machine.</summary>
    Directory = 1,

    /// <summary>In a bucket.</summary>
    S3 = 2,
}
