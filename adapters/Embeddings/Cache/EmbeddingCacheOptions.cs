using Microsoft.Extensions.Options;

namespace Quiver.Adapters.Embeddings.Cache;

/// <summary>Settings of the embedding cache, section <c>Quiver:EmbeddingCache</c>.</summary>
public sealed class EmbeddingCacheOptions
{
    /// <summary>The section of the configuration.</summary>
    public const string Section = "Quiver:EmbeddingCache";

    /// <summary>The file; a missing folder is created. Default: none, the host sets it.</summary>
    public string Path { get; set; } = "";

    /// <summary>Maximum size of the file in bytes, at least 1 MiB; the least recently used vectors are evicted. Default: 1 GiB.</summary>
    public long MaxBytes { get; set; } = 1L << 30;
}

internal sealed class EmbeddingCacheOptionsValidator : IValidateOptions<EmbeddingCacheOptions>
{
    private const long MinBytes = 1 << 20;

    public ValidateOptionsResult Validate(string? name, EmbeddingCacheOptions options)
    {
        var failures = new List<string>();
        if (string.IsNullOrWhiteSpace(options.Path))
        {
            failures.Add($"{EmbeddingCacheOptions.Section}:{nameof(options.Path)} is empty: set it to a file in the data directory.");
        }

        if (options.MaxBytes < MinBytes)
        {
            failures.Add($"{EmbeddingCacheOptions.Section}:{nameof(options.MaxBytes)} is {options.MaxBytes}: set it to at least {MinBytes}.");
        }

        return failures.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failures);
    }
}
