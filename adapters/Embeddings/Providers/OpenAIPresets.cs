using System.Collections.Frozen;

namespace Quiver.Adapters.Embeddings.Providers;

/// <summary>Defaults of a known service with OpenAI's protocol.</summary>
/// <param name="BaseAddress">Its address; null where every customer has another one.</param>
/// <param name="KeyVariable">The environment variable that usually has the key; null where usually none is needed.</param>
/// <param name="MaxInputs">Texts in a request.</param>
/// <param name="MaxTokensPerRequest">Tokens in a request.</param>
/// <param name="MaxTokensPerInput">Tokens of a text.</param>
internal sealed record OpenAIPreset(string? BaseAddress, string? KeyVariable, int MaxInputs, int MaxTokensPerRequest, int MaxTokensPerInput)
{
    /// <summary>The member that requests a number of dimensions; null where the service has none.</summary>
    public string? DimensionsMember { get; init; } = "dimensions";

    /// <summary>Whether base64 can be requested.</summary>
    public bool SupportsBase64 { get; init; }

    /// <summary>The value of <c>encoding_format</c> that requests plain numbers; null omits the member.</summary>
    public string? FloatEncoding { get; init; } = "float";

    /// <summary>Whether address and authorization are Azure's.</summary>
    public bool IsAzure { get; init; }

    /// <summary>Members of every request.</summary>
    public ImmutableDictionary<string, string> Body { get; init; } = ImmutableDictionary<string, string>.Empty;

    /// <summary>Members of a search query's request that replace those.</summary>
    public ImmutableDictionary<string, string> QueryBody { get; init; } = ImmutableDictionary<string, string>.Empty;
}

/// <summary>The services known by name. Their limits are safe for the services' common models; settings override them.</summary>
internal static class OpenAIPresets
{
    private static readonly FrozenDictionary<string, OpenAIPreset> Known = new Dictionary<string, OpenAIPreset>
    {
        ["openai"] = new("https://api.openai.com/v1", "OPENAI_API_KEY", 2048, 300_000, 8191) { SupportsBase64 = true },
        ["azure"] = new(null, "AZURE_OPENAI_API_KEY", 2048, 300_000, 8191) { SupportsBase64 = true, IsAzure = true },

        // It refuses base64, and silently truncates longer texts. More tokens in a request would exceed the free quota of a minute.
        ["gemini"] = new("https://generativelanguage.googleapis.com/v1beta/openai", "GEMINI_API_KEY", 100, 20_000, 2048) { FloatEncoding = null },

        // Its compatibility address takes no other members than model, input and encoding, and silently truncates longer texts.
        ["cohere"] = new("https://api.cohere.ai/compatibility/v1", "COHERE_API_KEY", 96, 49_152, 512) { SupportsBase64 = true, DimensionsMember = null },
        ["mistral"] = new("https://api.mistral.ai/v1", "MISTRAL_API_KEY", 128, 16_000, 8000) { DimensionsMember = "output_dimension" },
        ["voyage"] = new("https://api.voyageai.com/v1", "VOYAGE_API_KEY", 1000, 120_000, 32_000)
        {
            DimensionsMember = "output_dimension",
            SupportsBase64 = true,
            FloatEncoding = null,
            Body = ImmutableDictionary<string, string>.Empty.Add("truncation", "false").Add("input_type", "document"),
            QueryBody = ImmutableDictionary<string, string>.Empty.Add("input_type", "query"),
        },
        ["jina"] = new("https://api.jina.ai/v1", "JINA_API_KEY", 512, 262_144, 8192)
        {
            FloatEncoding = null,
            Body = ImmutableDictionary<string, string>.Empty.Add("truncate", "false"),
        },

        // Its defaults: 32 texts of a client, 16,384 tokens at a time; most of its models accept 512.
        ["tei"] = new(null, null, 32, 16_384, 512) { SupportsBase64 = true },
        ["vllm"] = new("http://localhost:8000/v1", null, 256, 262_144, 8192) { SupportsBase64 = true },

        // Older versions silently truncated longer texts, at a context that is often smaller than the model's.
        ["ollama"] = new("http://localhost:11434/v1", null, 64, 131_072, 2048),

        // It answers with numbers whatever it is asked for, and counts no tokens.
        ["lmstudio"] = new("http://localhost:1234/v1", null, 64, 131_072, 2048),
    }.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);

    public static IEnumerable<string> Names => Known.Keys.Order(StringComparer.Ordinal);

    public static OpenAIPreset? Find(string name) => Known.GetValueOrDefault(name);
}
