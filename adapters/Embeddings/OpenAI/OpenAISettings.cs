using Quiver.Adapters.Embeddings.Providers;

namespace Quiver.Adapters.Embeddings.OpenAI;

/// <summary>What requests to one provider are made of, settings and preset put together. Its text form holds no secret.</summary>
internal sealed class OpenAISettings
{
    private OpenAISettings(string name, ProviderOptions options, OpenAIPreset preset, Func<string, string?> variable)
    {
        Name = name;
        Endpoint = CreateEndpoint(options, preset);
        Model = options.Model;
        Dimensions = options.Dimensions;
        DimensionsMember = options.SendDimensions ? preset.DimensionsMember : null;
        Encoding = options.Encoding ?? (preset.SupportsBase64 ? "base64" : null) ?? preset.FloatEncoding;
        Encoding = Encoding == "float" ? preset.FloatEncoding : Encoding;
        Body = preset.Body.SetItems(options.Body);
        QueryBody = Body.SetItems(preset.QueryBody).SetItems(options.QueryBody);
        Headers = [.. options.Headers];
        KeyVariable = options.ApiKeyVariable ?? preset.KeyVariable;
        Key = Clean(options.ApiKey) ?? (KeyVariable is { } from ? Clean(variable(from)) : null);
        PricePerMillionTokens = options.PricePerMillionTokens;
        NeedsKey = preset.KeyVariable is not null;
        UsesApiKeyHeader = preset.IsAzure;
    }

    /// <summary>The provider's name.</summary>
    public string Name { get; }

    /// <summary>Where requests go.</summary>
    public Uri Endpoint { get; }

    /// <summary>The model's name at the service.</summary>
    public string Model { get; }

    /// <summary>Numbers in a vector.</summary>
    public int Dimensions { get; }

    /// <summary>The member that asks for <see cref="Dimensions"/>; null does not ask.</summary>
    public string? DimensionsMember { get; }

    /// <summary>The value of the member <c>encoding_format</c>; null leaves it out.</summary>
    public string? Encoding { get; }

    /// <summary>Other members of the body.</summary>
    public ImmutableDictionary<string, string> Body { get; }

    /// <summary>Other members of the body of a search query.</summary>
    public ImmutableDictionary<string, string> QueryBody { get; }

    /// <summary>Whether a search query is sent otherwise than a document.</summary>
    public bool SeparatesQueries => QueryBody.Any(member => Body.GetValueOrDefault(member.Key) != member.Value);

    /// <summary>Other headers; may hold secrets.</summary>
    public ImmutableArray<KeyValuePair<string, string>> Headers { get; }

    /// <summary>The secret; null for none.</summary>
    public string? Key { get; }

    /// <summary>Where the key is looked for besides the settings.</summary>
    public string? KeyVariable { get; }

    /// <summary>Whether the service usually asks for a key.</summary>
    public bool NeedsKey { get; }

    /// <summary>Whether the key travels in the header <c>api-key</c> instead of as a bearer's.</summary>
    public bool UsesApiKeyHeader { get; }

    /// <summary>What a million tokens cost.</summary>
    public decimal PricePerMillionTokens { get; }

    /// <summary>How to mend a missing or refused key.</summary>
    public string KeyRemedy => $"set Quiver:Providers:{Name}:ApiKey{(KeyVariable is null ? "" : $" or the environment variable {KeyVariable}")}";

    /// <summary>Puts settings and preset together.</summary>
    /// <param name="name">The provider's name.</param>
    /// <param name="options">Valid settings.</param>
    /// <param name="variable">Reads an environment variable.</param>
    public static OpenAISettings Create(string name, ProviderOptions options, Func<string, string?> variable) =>
        new(name, options, OpenAIPresets.Find(options.Preset)!, variable);

    /// <inheritdoc/>
    public override string ToString() => $"{Name} at {Endpoint}";

    private static Uri CreateEndpoint(ProviderOptions options, OpenAIPreset preset)
    {
        var address = (options.BaseAddress ?? preset.BaseAddress)!.TrimEnd('/');
        if (preset.IsAzure)
        {
            var deployment = Uri.EscapeDataString(options.Deployment ?? options.Model);
            return new Uri($"{address}/openai/deployments/{deployment}/embeddings?api-version={Uri.EscapeDataString(options.ApiVersion)}");
        }

        return new Uri(new Uri(address).AbsolutePath == "/" ? $"{address}/v1/embeddings" : $"{address}/embeddings");
    }

    // A key read from a file often ends with a line break, which no header may hold.
    private static string? Clean(string? key) => string.IsNullOrWhiteSpace(key) ? null : key.Trim();
}
