using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.AI;
using Quiver.Adapters.Embeddings.OpenAI;
using Quiver.Core.Embedding;
using Quiver.Core.Embedding.Providers;
using Quiver.Core.Embedding.Tokenization;

namespace Quiver.Adapters.Embeddings.Providers;

/// <summary>Creates providers from valid settings.</summary>
internal static class ProviderFactory
{
    public const int DefaultChunkTokens = 256;
    private const int RevisionLength = 16;
    private const int MaxSlugLength = 40;

    /// <summary>Creates a provider; sends no request.</summary>
    /// <param name="name">Its name in the settings.</param>
    /// <param name="options">Its settings.</param>
    /// <param name="services">What all providers share.</param>
    /// <param name="http">Sends the requests.</param>
    /// <param name="variable">Reads an environment variable.</param>
    /// <exception cref="PermanentException">With <see cref="ErrorCodes.ModelUnavailable"/>: its tokenizer cannot be read.</exception>
    public static EmbeddingProvider Create(string name, ProviderOptions options, ProviderServices services, ProviderHttp http, Func<string, string?> variable)
    {
        var preset = OpenAIPresets.Find(options.Preset)!;
        var settings = CreateSettings(name, options, variable);
        var info = ModelOf(options) with { QueryRevision = settings.SeparatesQueries ? Hash([.. Lines(settings.QueryBody), .. Prompt(options.QueryPrompt)]) : null };
        var maxInputs = options.MaxInputs ?? preset.MaxInputs;

        // Texts are counted without their prompts.
        var maxTokensPerRequest = (options.MaxTokensPerRequest ?? preset.MaxTokensPerRequest) - (maxInputs * PromptTokens(options));
        var limits = new ProviderLimits(
            maxInputs,
            Math.Max(maxTokensPerRequest, info.MaxTokens),
            info.MaxTokens,
            options.MaxConcurrency,
            options.RequestsPerMinute,
            options.TokensPerMinute);
        var resilience = new ProviderResilience(options.Attempts, options.SoftTimeout, options.HardTimeout, options.FailuresToOpen, options.BreakDuration);
        var tokenizer = OpenTokenizer(options.Tokenizer);
        var description = new ProviderDescription(name, options.Preset, info, tokenizer, limits, resilience);
        var generator = ProviderStack.Create(new OpenAIEmbeddingGenerator(settings, http, services.Time), description, services, out var fault);
        var model = new RemoteModel(info, tokenizer, generator, options.PricePerMillionTokens);
        return EmbeddingProvider.OfService(name, ProviderKinds.OpenAI, settings.Endpoint, model, limits, () => fault() ?? MissingKey(settings));
    }

    /// <summary>Combines the settings and the preset of a provider.</summary>
    public static OpenAISettings CreateSettings(string name, ProviderOptions options, Func<string, string?> variable)
    {
        var preset = OpenAIPresets.Find(options.Preset)!;
        var keyVariable = options.ApiKeyVariable ?? preset.KeyVariable;
        var body = preset.Body.SetItems(options.Body);
        return new OpenAISettings
        {
            Name = name,
            Endpoint = CreateEndpoint(options, preset),
            Model = options.Model,
            Dimensions = options.Dimensions,
            DimensionsMember = options.SendDimensions ? preset.DimensionsMember : null,
            Encoding = (options.Encoding ?? (preset.SupportsBase64 ? "base64" : null)) is { } encoding && encoding != "float" ? encoding : preset.FloatEncoding,
            Body = body,
            QueryBody = body.SetItems(preset.QueryBody).SetItems(options.QueryBody),
            DocumentPrompt = options.DocumentPrompt ?? "",
            QueryPrompt = options.QueryPrompt ?? "",
            Headers = [.. options.Headers],
            KeyVariable = keyVariable,
            Key = Trimmed(options.ApiKey) ?? (keyVariable is null ? null : Trimmed(variable(keyVariable))),
            NeedsKey = preset.KeyVariable is not null,
            UsesApiKeyHeader = preset.IsAzure,
            PricePerMillionTokens = options.PricePerMillionTokens,
        };
    }

    /// <summary>The model: the same for the same weights, at whatever address they are served.</summary>
    public static EmbeddingModelInfo ModelOf(ProviderOptions options)
    {
        var maxTokens = (options.MaxTokensPerInput ?? OpenAIPresets.Find(options.Preset)!.MaxTokensPerInput) - PromptTokens(options);
        var revision = options.Revision ?? Hash([options.Model, $"{options.Dimensions}", .. Lines(options.Body), .. Prompt(options.DocumentPrompt)]);
        return new(Slug(options.Model), revision, options.Dimensions, maxTokens, options.ChunkTokens ?? Math.Min(DefaultChunkTokens, maxTokens));
    }

    /// <summary>The tokens of the longer prompt, estimated on the high side: a text within the limit fits with either.</summary>
    public static int PromptTokens(ProviderOptions options) => Math.Max(PromptTokens(options.DocumentPrompt), PromptTokens(options.QueryPrompt));

    private static int PromptTokens(string? prompt) => string.IsNullOrEmpty(prompt) ? 0 : new EstimatingTokenizer().CountTokens(prompt);

    // Without a prompt, the hash is that of versions that had none.
    private static IEnumerable<string> Prompt(string? prompt) => string.IsNullOrEmpty(prompt) ? [] : [$"prompt={prompt}"];

    private static string? MissingKey(OpenAISettings settings) =>
        settings.IsKeyMissing ? $"It has no API key: {settings.KeyRemedy}." : null;

    private static Uri CreateEndpoint(ProviderOptions options, OpenAIPreset preset)
    {
        var address = (options.BaseAddress ?? preset.BaseAddress)!.TrimEnd('/');

        // The newer API of Azure has the model in the body, like OpenAI's.
        if (preset.IsAzure && !new Uri(address).AbsolutePath.EndsWith("/openai/v1", StringComparison.Ordinal))
        {
            var deployment = Uri.EscapeDataString(options.Deployment ?? options.Model);
            return new Uri($"{address}/openai/deployments/{deployment}/embeddings?api-version={Uri.EscapeDataString(options.ApiVersion)}");
        }

        return new Uri(new Uri(address).AbsolutePath == "/" ? $"{address}/v1/embeddings" : $"{address}/embeddings");
    }

    // A key read from a file often ends with a line break, which a header must not contain.
    private static string? Trimmed(string? key) => string.IsNullOrWhiteSpace(key) ? null : key.Trim();

    /// <summary>The model's name, with the characters that a collection name allows.</summary>
    private static string Slug(string model)
    {
        var characters = model.ToLowerInvariant().Select(character => char.IsAsciiLetterOrDigit(character) || character is '.' or '_' ? character : '-');
        var folded = string.Concat(characters).Trim('-', '.', '_');
        return folded.Length == 0 ? "model" : folded[..Math.Min(folded.Length, MaxSlugLength)];
    }

    private static IEnumerable<string> Lines(IEnumerable<KeyValuePair<string, string>> body) =>
        body.OrderBy(entry => entry.Key, StringComparer.Ordinal).Select(entry => $"{entry.Key}={entry.Value}");

    private static string Hash(IEnumerable<string> lines) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', lines))))[..RevisionLength];

    private static ITokenizer OpenTokenizer(string? path)
    {
        try
        {
            return path is null ? new EstimatingTokenizer() : new WordPieceTokenizer(File.ReadAllLines(path), new WordPieceOptions());
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or FormatException or ArgumentException)
        {
            throw new PermanentException(ErrorCodes.ModelUnavailable, $"The tokenizer {path} cannot be read: {exception.Message}", exception);
        }
    }

    private sealed record RemoteModel(
        EmbeddingModelInfo Info, ITokenizer Tokenizer, IEmbeddingGenerator<string, Embedding<float>> Generator, decimal PricePerMillionTokens) : IEmbeddingModel
    {
        public bool IsRemote => true;
    }
}
