using Microsoft.Extensions.Options;

namespace Quiver.Adapters.Embeddings.Cache;

/// <summary>Says what is wrong with the settings and what to change.</summary>
internal sealed class EmbeddingCacheOptionsValidator : IValidateOptions<EmbeddingCacheOptions>
{
    private const long LeastBytes = 1 << 20;

    public ValidateOptionsResult Validate(string? name, EmbeddingCacheOptions options)
    {
        var failures = new List<string>();
        if (string.IsNullOrWhiteSpace(options.Path))
        {
            failures.Add($"{EmbeddingCacheOptions.Section}:{nameof(options.Path)} is empty: set it to a file in the data directory.");
        }

        if (options.MaxBytes < LeastBytes)
        {
            failures.Add($"{EmbeddingCacheOptions.Section}:{nameof(options.MaxBytes)} is {options.MaxBytes}: set it to at least {LeastBytes}.");
        }

        return failures.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failures);
    }
}
