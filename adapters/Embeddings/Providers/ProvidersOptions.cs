using Quiver.Core.Embedding;

namespace Quiver.Adapters.Embeddings.Providers;

/// <summary>The embedding providers, section <c>Quiver</c>: <c>Providers:NAME:…</c> and <c>Embedding:DefaultProvider</c>.</summary>
public sealed class ProvidersOptions
{
    /// <summary>The section of the configuration.</summary>
    public const string Section = "Quiver";

    /// <summary>Settings by the provider's name. Default: none; the local model is always available.</summary>
    public IDictionary<string, ProviderOptions> Providers { get; set; } = new Dictionary<string, ProviderOptions>(StringComparer.OrdinalIgnoreCase);

    /// <summary>Section <c>Quiver:Embedding</c>.</summary>
    public EmbeddingOptions Embedding { get; set; } = new();

    /// <summary>The name of the local model's provider: that of kind <c>onnx</c>, else <c>local</c>.</summary>
    internal string LocalName =>
        Providers.FirstOrDefault(entry => entry.Value.Kind == ProviderKinds.Onnx).Key?.ToLowerInvariant() ?? EmbeddingModelCatalog.Local;

    /// <summary>The name of the default provider.</summary>
    internal string DefaultName => string.IsNullOrWhiteSpace(Embedding.DefaultProvider) ? LocalName : Embedding.DefaultProvider.ToLowerInvariant();
}

/// <summary>Section <c>Quiver:Embedding</c>.</summary>
public sealed class EmbeddingOptions
{
    /// <summary>The provider for collections that name no model. Default: the local model.</summary>
    public string DefaultProvider { get; set; } = "";
}

/// <summary>Settings of one embedding provider, section <c>Quiver:Providers:NAME</c>. The preset supplies what is not set.</summary>
public sealed class ProviderOptions
{
    /// <summary><c>onnx</c> for the local model of <c>Quiver:Onnx</c>, or <c>openai</c> for a service with OpenAI's protocol. Default: openai.</summary>
    public string Kind { get; set; } = ProviderKinds.OpenAI;

    /// <summary>
    /// The service: <c>openai</c>, <c>azure</c>, <c>gemini</c>, <c>cohere</c>, <c>mistral</c>, <c>voyage</c>, <c>jina</c>, <c>tei</c>, <c>vllm</c>,
    /// <c>ollama</c> or <c>lmstudio</c>. Default: openai.
    /// </summary>
    public string Preset { get; set; } = "openai";

    /// <summary>The service's address up to <c>/v1</c>, which is added when the address has no path; http or https. Default: the preset's.</summary>
    public string? BaseAddress { get; set; }

    /// <summary>The API key. Default: the environment variable <see cref="ApiKeyVariable"/>. Never logged, never shown.</summary>
    public string? ApiKey { get; set; }

    /// <summary>The environment variable with the API key. Default: the preset's, such as OPENAI_API_KEY.</summary>
    public string? ApiKeyVariable { get; set; }

    /// <summary>The model's name at the service.</summary>
    public string Model { get; set; } = "";

    /// <summary>Numbers in a vector, 1 to 65,536; always checked, and requested from the service with <see cref="SendDimensions"/>.</summary>
    public int Dimensions { get; set; }

    /// <summary>Whether requests contain <see cref="Dimensions"/>; models with a fixed number refuse that, and so does Cohere. Default: false.</summary>
    public bool SendDimensions { get; set; }

    /// <summary>
    /// Distinguishes weights of the same name, 1 to 64 characters. Default: a hash of model, dimensions and body. Collections are bound to it,
    /// so a provider that moves to another address keeps its collections.
    /// </summary>
    public string? Revision { get; set; }

    /// <summary>Azure: the deployment's name. Default: the model's.</summary>
    public string? Deployment { get; set; }

    /// <summary>Azure: the API version. Default: 2024-10-21.</summary>
    public string ApiVersion { get; set; } = "2024-10-21";

    /// <summary>Additional headers of every request. Never logged. Default: none.</summary>
    public IDictionary<string, string> Headers { get; set; } = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);

    /// <summary>Additional members of every request's body; values are JSON, anything else is a string. Default: the preset's.</summary>
    public IDictionary<string, string> Body { get; set; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>
    /// Members of a search query's body that replace those of <see cref="Body"/>, for models that embed queries and documents differently;
    /// values as there. Documents keep their vectors when it changes. Default: the preset's.
    /// </summary>
    public IDictionary<string, string> QueryBody { get; set; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>
    /// A text that Quiver writes before each document, at most 500 characters, for models that need one, such as <c>search_document: </c>. It is
    /// part of the model's identity. Default: none.
    /// </summary>
    public string? DocumentPrompt { get; set; }

    /// <summary>A text that Quiver writes before each search query, at most 500 characters, such as <c>search_query: </c>. Default: none.</summary>
    public string? QueryPrompt { get; set; }

    /// <summary>The encoding of vectors to request, <c>base64</c> or <c>float</c>; answers in either are accepted. Default: the preset's.</summary>
    public string? Encoding { get; set; }

    /// <summary>Maximum texts in a request, 1 to 10,000. Default: the preset's.</summary>
    public int? MaxInputs { get; set; }

    /// <summary>Maximum tokens in a request, at least <see cref="MaxTokensPerInput"/>. Default: the preset's.</summary>
    public int? MaxTokensPerRequest { get; set; }

    /// <summary>Maximum tokens of a text, 32 to 1,048,576. Default: the preset's.</summary>
    public int? MaxTokensPerInput { get; set; }

    /// <summary>Tokens of a chunk where the job sets none, 8 to <see cref="MaxTokensPerInput"/>. Default: 256, or that limit when it is less.</summary>
    public int? ChunkTokens { get; set; }

    /// <summary>The model's tokenizer: the vocab.txt of an uncased BERT-style model. Default: none; tokens are estimated, on the high side.</summary>
    public string? Tokenizer { get; set; }

    /// <summary>Maximum requests in any minute, of the whole cluster, 1 or more. Default: no limit.</summary>
    public int? RequestsPerMinute { get; set; }

    /// <summary>Maximum tokens in any minute, of the whole cluster, at least twice <see cref="MaxTokensPerInput"/>. Default: no limit.</summary>
    public int? TokensPerMinute { get; set; }

    /// <summary>Price of a million tokens, 0 or more, in any currency. Default: 0.</summary>
    public decimal PricePerMillionTokens { get; set; }

    /// <summary>Maximum concurrent requests from one silo, 1 to 1,024. Default: 64.</summary>
    public int MaxConcurrency { get; set; } = 64;

    /// <summary>Attempts at one request within a few seconds, 1 to 10; the job's own retries come after them. Default: 3.</summary>
    public int Attempts { get; set; } = 3;

    /// <summary>After it the caller gets a timeout while the request continues, 100 ms to 20 s. Default: 15 s.</summary>
    public TimeSpan SoftTimeout { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>After it a request is cancelled, <see cref="SoftTimeout"/> to 10 min. Default: 2 min.</summary>
    public TimeSpan HardTimeout { get; set; } = TimeSpan.FromMinutes(2);

    /// <summary>Failures in a row that open the circuit, which stops requests to the provider, 1 to 1,000. Default: 8.</summary>
    public int FailuresToOpen { get; set; } = 8;

    /// <summary>How long the circuit stays open at first, 10 ms to 10 min; up to eight times as long while trial requests fail. Default: 10 s.</summary>
    public TimeSpan BreakDuration { get; set; } = TimeSpan.FromSeconds(10);
}

/// <summary>Values of <see cref="ProviderOptions.Kind"/>.</summary>
internal static class ProviderKinds
{
    public const string Onnx = "onnx";
    public const string OpenAI = "openai";
}
