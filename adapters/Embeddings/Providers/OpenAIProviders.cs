
using Quiver.Adapters.Embeddings.OpenAI;
using Quiver.Core.Embedding;
using Quiver.Core.Embedding.Providers;

namespace Quiver.Adapters.Embeddings.Providers;

/// <summary>Makes providers of settings.</summary>
internal static class OpenAIProviders
{
    /// <summary>A provider ready for use; nothing is sent.</summary>
    /// <param name="name">Its name in the settings.</param>
    /// <param name="options">Its settings, valid.</param>
    /// <param name="services">What all providers share.</param>
    /// <param name="http">Sends requests.</param>
    /// <param name="variable">Reads an environment variable.</param>
    /// <exception cref="PermanentException">With <see cref="ErrorCodes.ModelUnavailable"/>: its tokenizer cannot be read.</exception>
    public static EmbeddingProvider Create(string name, ProviderOptions options, ProviderServices services, HttpClient http, Func<string, string?> variable)
    {
        var preset = OpenAIPresets.Find(options.Preset)!;
        var settings = OpenAISettings.Create(name, options, variable);
        var info = ProviderRules.ModelOf(options) with { QueryRevision = ProviderRules.QueryRevision(settings) };
        var limits = new ProviderLimits(
            options.MaxInputs ?? preset.MaxInputs,
            options.MaxTokensPerRequest ?? Math.Max(preset.MaxTokensPerRequest, info.MaxTokens),
            info.MaxTokens,
            options.MaxConcurrency,
            options.RequestsPerMinute,
            options.TokensPerMinute);
        var resilience = new ProviderResilience(options.Attempts, options.SoftTimeout, options.HardTimeout, options.FailuresToOpen, options.BreakDuration);
        var tokenizer = TokenizerFile.Open(options.Tokenizer);
        var description = new ProviderDescription(name, options.Preset, info, tokenizer, limits, resilience);
        var generator = ProviderStack.Create(new OpenAIEmbeddingGenerator(settings, http, services.Time), description, services, out var circuit);
        var model = new OpenAIEmbeddingModel(info, tokenizer, generator, options.PricePerMillionTokens);
        return EmbeddingProvider.OfService(name, ProviderKinds.OpenAI, settings.Endpoint, model, limits, () => circuit.Fault ?? MissingKey(settings));
    }

    private static string? MissingKey(OpenAISettings settings) =>
        settings is { NeedsKey: true, Key: null } && settings.Headers.IsEmpty ? $"It has no key: {settings.KeyRemedy}." : null;
}
