using Microsoft.Extensions.Options;

namespace Quiver.Adapters.Vectors.Embedded;

/// <summary>Settings of the embedded exact index.</summary>
public sealed class FlatIndexOptions
{
    /// <summary>The folder that holds one folder per physical collection; created when missing. No default.</summary>
    public string Directory { get; set; } = "";

    /// <summary>Threads that compare vectors, shared by all searches. 1 to 256. Default: the number of processors.</summary>
    public int SearchThreads { get; set; } = Math.Clamp(Environment.ProcessorCount, 1, 256);

    /// <summary>Concurrent reads of one physical collection; the others wait. 1 to 16. Default: 4.</summary>
    public int ConcurrentReads { get; set; } = 4;

    /// <summary>
    /// Bytes by which a new collection's file of vectors grows and is mapped. Only written bytes take disk space where the file system
    /// supports sparse files. 1 MiB to 1 GiB. Default: 64 MiB.
    /// </summary>
    public int SegmentBytes { get; set; } = 64 << 20;

    /// <summary>Open physical collections; each uses a few threads. 1 to 1,024. Default: 64.</summary>
    public int MaxCollections { get; set; } = 64;
}

/// <summary>Validates <see cref="FlatIndexOptions"/>; reports all errors at once.</summary>
internal sealed class FlatIndexOptionsValidator : IValidateOptions<FlatIndexOptions>
{
    public ValidateOptionsResult Validate(string? name, FlatIndexOptions options)
    {
        var result = new ValidateOptionsResultBuilder();
        if (string.IsNullOrWhiteSpace(options.Directory))
        {
            result.AddError("Quiver:FlatIndex:Directory is empty: name the folder for vectors.");
        }

        CheckRange(result, nameof(options.SearchThreads), options.SearchThreads, 1, 256);
        CheckRange(result, nameof(options.ConcurrentReads), options.ConcurrentReads, 1, 16);
        CheckRange(result, nameof(options.SegmentBytes), options.SegmentBytes, 1 << 20, 1 << 30);
        CheckRange(result, nameof(options.MaxCollections), options.MaxCollections, 1, 1024);
        return result.Build();
    }

    private static void CheckRange(ValidateOptionsResultBuilder result, string setting, int value, int min, int max)
    {
        if (value < min || value > max)
        {
            result.AddError($"Quiver:FlatIndex:{setting} is {value}: set it from {min} to {max}.");
        }
    }
}
