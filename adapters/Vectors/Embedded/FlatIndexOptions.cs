namespace Quiver.Adapters.Vectors.Embedded;

/// <summary>Settings of the embedded exact index.</summary>
public sealed class FlatIndexOptions
{
    /// <summary>The folder that holds one folder per physical collection; created when missing. No default.</summary>
    public string Directory { get; set; } = "";

    /// <summary>Threads that compare vectors, shared by all searches. 1 to 256. Default: the number of processors.</summary>
    public int SearchThreads { get; set; } = Math.Clamp(Environment.ProcessorCount, 1, 256);

    /// <summary>Questions that one physical collection answers at a time; the rest wait. 1 to 16. Default: 4.</summary>
    public int ConcurrentReads { get; set; } = 4;

    /// <summary>
    /// By how many bytes a new collection's file of vectors grows, and is mapped, at a time; only what is written takes disk space where the
    /// file system knows sparse files. 1 MiB to 1 GiB. Default: 64 MiB.
    /// </summary>
    public int SegmentBytes { get; set; } = 64 << 20;

    /// <summary>Physical collections open at a time; each takes a few threads. 1 to 1,024. Default: 64.</summary>
    public int MaxCollections { get; set; } = 64;
}
