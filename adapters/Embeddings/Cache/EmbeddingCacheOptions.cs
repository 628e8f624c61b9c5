namespace Quiver.Adapters.Embeddings.Cache;

/// <summary>Settings of the cache of vectors, section <c>Quiver:EmbeddingCache</c>.</summary>
public sealed class EmbeddingCacheOptions
{
    /// <summary>The section of the configuration.</summary>
    public const string Section = "Quiver:EmbeddingCache";

    /// <summary>The file; its folder is made when it is missing. Default: none, the host sets it.</summary>
    public string Path { get; set; } = "";

    /// <summary>Most bytes that the file holds, at least 1 MiB; the vectors unused for longest go first. Default: 1 GiB.</summary>
    public long MaxBytes { get; set; } = 1L << 30;
}
