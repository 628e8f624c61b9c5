using System.Collections.Frozen;

namespace Quiver.Adapters.Embeddings.Providers;

/// <summary>The services known by name. Limits are those of the services' common models and what they take with certainty; settings override them.</summary>
internal static class OpenAIPresets
{
    private static readonly FrozenDictionary<string, OpenAIPreset> Known = new Dictionary<string, OpenAIPreset>
    {
        ["openai"] = new("https://api.openai.com/v1", "OPENAI_API_KEY", 2048, 300_000, 8191) { SupportsBase64 = true },
        ["azure"] = new(null, "AZURE_OPENAI_API_KEY", 2048, 300_000, 8191) { SupportsBase64 = true, IsAzure = true },

        // Its defaults: 32 texts of a client, 16,384 tokens at a time; most of its models take 512.
        ["tei"] = new(null, null, 32, 16_384, 512) { SupportsBase64 = true },

        // It has cut longer texts without a word, at a context that is often smaller than the model's.
        ["ollama"] = new("http://localhost:11434/v1", null, 64, 131_072, 2048),
        ["vllm"] = new("http://localhost:8000/v1", null, 256, 262_144, 8192) { SupportsBase64 = true },
        ["mistral"] = new("https://api.mistral.ai/v1", "MISTRAL_API_KEY", 128, 16_000, 8000) { DimensionsMember = "output_dimension" },
        ["voyage"] = new("https://api.voyageai.com/v1", "VOYAGE_API_KEY", 128, 120_000, 32_000)
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
    }.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);

    /// <summary>All names.</summary>
    public static IEnumerable<string> Names => Known.Keys.Order(StringComparer.Ordinal);

    /// <summary>A preset by its name; null when there is none.</summary>
    public static OpenAIPreset? Find(string name) => Known.GetValueOrDefault(name);
}
