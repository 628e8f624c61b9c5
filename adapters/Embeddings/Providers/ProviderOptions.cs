namespace Quiver.Adapters.Embeddings.Providers;

/// <summary>Settings of one embedding provider, section <c>Quiver:Providers:NAME</c>. What is left out comes from the preset.</summary>
public sealed class ProviderOptions
{
    /// <summary><c>onnx</c> for the local model of <c>Quiver:Onnx</c>, or <c>openai</c> for a service that answers like OpenAI's. Default: openai.</summary>
    public string Kind { get; set; } = ProviderKinds.OpenAI;

    /// <summary>Whose service: <c>openai</c>, <c>azure</c>, <c>tei</c>, <c>ollama</c>, <c>vllm</c>, <c>mistral</c>, <c>voyage</c> or <c>jina</c>. Default: openai.</summary>
    public string Preset { get; set; } = "openai";

    /// <summary>The service's address up to <c>/v1</c>, which is added when the address has no path; http or https. Default: the preset's.</summary>
    public string? BaseAddress { get; set; }

    /// <summary>The key. Default: the environment variable <see cref="ApiKeyVariable"/>. Never logged, never shown.</summary>
    public string? ApiKey { get; set; }

    /// <summary>The environment variable with the key. Default: the preset's, such as OPENAI_API_KEY.</summary>
    public string? ApiKeyVariable { get; set; }

    /// <summary>The model's name at the service.</summary>
    public string Model { get; set; } = "";

    /// <summary>Numbers in a vector, 1 to 65,536; asked for where the service lets one choose (<see cref="SendDimensions"/>), and always checked.</summary>
    public int Dimensions { get; set; }

    /// <summary>Whether to ask the service for <see cref="Dimensions"/>; a model that knows only one refuses the question. Default: false.</summary>
    public bool SendDimensions { get; set; }

    /// <summary>
    /// What distinguishes weights of the same name, 1 to 64 characters. Default: made of model, dimensions and body. Collections are bound to
    /// it, so that a provider may move to another address and keep them.
    /// </summary>
    public string? Revision { get; set; }

    /// <summary>Azure: the deployment's name. Default: the model's.</summary>
    public string? Deployment { get; set; }

    /// <summary>Azure: the version of the interface. Default: 2024-10-21.</summary>
    public string ApiVersion { get; set; } = "2024-10-21";

    /// <summary>Headers of every request besides those that the service needs. Never logged. Default: none.</summary>
    public IDictionary<string, string> Headers { get; set; } = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);

    /// <summary>Members of every request's body besides those that the service needs; values are JSON, or else texts. Default: the preset's.</summary>
    public IDictionary<string, string> Body { get; set; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>
    /// Members of a search query's body in place of those of <see cref="Body"/> of the same name, for models that embed a question otherwise
    /// than a document; values as there. Documents keep their vectors when it changes. Default: the preset's.
    /// </summary>
    public IDictionary<string, string> QueryBody { get; set; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>How vectors travel, <c>base64</c> or <c>float</c>; answers of either form are understood. Default: the preset's.</summary>
    public string? Encoding { get; set; }

    /// <summary>The most texts in a request, 1 to 10,000. Default: the preset's.</summary>
    public int? MaxInputs { get; set; }

    /// <summary>The most tokens in a request, at least <see cref="MaxTokensPerInput"/>. Default: the preset's.</summary>
    public int? MaxTokensPerRequest { get; set; }

    /// <summary>The most tokens of a text, 32 to 1,048,576. Default: the preset's.</summary>
    public int? MaxTokensPerInput { get; set; }

    /// <summary>Tokens of a chunk where the job does not say, 8 to <see cref="MaxTokensPerInput"/>. Default: 256, or <see cref="MaxTokensPerInput"/> when that is less.</summary>
    public int? ChunkTokens { get; set; }

    /// <summary>
    /// The model's tokenizer: the vocab.txt of a BERT-style model that ignores case. Default: none; tokens are estimated, rather too many
    /// than too few.
    /// </summary>
    public string? Tokenizer { get; set; }

    /// <summary>The most requests in any minute, of the whole cluster, 1 or more. Default: no bound.</summary>
    public int? RequestsPerMinute { get; set; }

    /// <summary>The most tokens in any minute, of the whole cluster, at least twice <see cref="MaxTokensPerInput"/>. Default: no bound.</summary>
    public int? TokensPerMinute { get; set; }

    /// <summary>Price of a million tokens, 0 or more, in any currency. Default: 0.</summary>
    public decimal PricePerMillionTokens { get; set; }

    /// <summary>The most requests at a time from one silo, 1 to 1,024. Default: 64.</summary>
    public int MaxConcurrency { get; set; } = 64;

    /// <summary>Attempts at one request within a few seconds, 1 to 10; the job's own schedule comes after them. Default: 3.</summary>
    public int Attempts { get; set; } = 3;

    /// <summary>After it the job is told to try again while the request goes on, 100 ms to 20 s. Default: 15 s.</summary>
    public TimeSpan SoftTimeout { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>After it a request is cut, <see cref="SoftTimeout"/> to 10 min. Default: 2 min.</summary>
    public TimeSpan HardTimeout { get; set; } = TimeSpan.FromMinutes(2);

    /// <summary>Failures in a row after which the provider is left alone, 1 to 1,000. Default: 8.</summary>
    public int FailuresToOpen { get; set; } = 8;

    /// <summary>For how long it is left alone at first, 10 ms to 10 min; up to eight times as long when trials go on failing. Default: 10 s.</summary>
    public TimeSpan BreakDuration { get; set; } = TimeSpan.FromSeconds(10);
}
