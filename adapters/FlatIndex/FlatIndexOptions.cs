using System.ComponentModel.DataAnnotations;

namespace Quiver.Adapters.FlatIndex;

/// <summary>Settings of the embedded exact index.</summary>
public sealed class FlatIndexOptions
{
    /// <summary>The folder that holds one folder per physical collection; created when missing. No default.</summary>
    [Required(AllowEmptyStrings = false, ErrorMessage = "Quiver:FlatIndex:Directory must name the folder for vectors.")]
    public string Directory { get; set; } = "";

    /// <summary>Threads that compare vectors, shared by all searches. 1 to 256. Default: the number of processors.</summary>
    [Range(1, 256, ErrorMessage = "Quiver:FlatIndex:SearchThreads must be from 1 to 256.")]
    public int SearchThreads { get; set; } = Math.Clamp(Environment.ProcessorCount, 1, 256);

    /// <summary>Questions that one physical collection answers at a time; the rest wait. 1 to 16. Default: 4.</summary>
    [Range(1, 16, ErrorMessage = "Quiver:FlatIndex:ConcurrentReads must be from 1 to 16.")]
    public int ConcurrentReads { get; set; } = 4;

    /// <summary>
    /// By how many bytes a new collection's file of vectors grows, and is mapped, at a time; only what is written takes disk space where the
    /// file system knows sparse files. 1 MiB to 1 GiB. Default: 64 MiB.
    /// </summary>
    [Range(1 << 20, 1 << 30, ErrorMessage = "Quiver:FlatIndex:SegmentBytes must be from 1048576 to 1073741824.")]
    public int SegmentBytes { get; set; } = 64 << 20;

    /// <summary>Physical collections open at a time; each takes a few threads. 1 to 1,024. Default: 64.</summary>
    [Range(1, 1024, ErrorMessage = "Quiver:FlatIndex:MaxCollections must be from 1 to 1024.")]
    public int MaxCollections { get; set; } = 64;
}
