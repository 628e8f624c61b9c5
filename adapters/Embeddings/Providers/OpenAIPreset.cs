namespace Quiver.Adapters.Embeddings.Providers;

/// <summary>What is known of a service that answers like OpenAI's.</summary>
/// <param name="BaseAddress">Its address; null where everybody has one of his own.</param>
/// <param name="KeyVariable">The environment variable that usually has the key; null where usually none is needed.</param>
/// <param name="MaxInputs">Texts in a request.</param>
/// <param name="MaxTokensPerRequest">Tokens in a request.</param>
/// <param name="MaxTokensPerInput">Tokens of a text.</param>
internal sealed record OpenAIPreset(string? BaseAddress, string? KeyVariable, int MaxInputs, int MaxTokensPerRequest, int MaxTokensPerInput)
{
    /// <summary>The member that asks for a number of dimensions.</summary>
    public string DimensionsMember { get; init; } = "dimensions";

    /// <summary>Whether base64 may be asked for.</summary>
    public bool SupportsBase64 { get; init; }

    /// <summary>The member's value that asks for plain numbers; null leaves the member out.</summary>
    public string? FloatEncoding { get; init; } = "float";

    /// <summary>Whether address and authorization are Azure's.</summary>
    public bool IsAzure { get; init; }

    /// <summary>Members of every request.</summary>
    public ImmutableDictionary<string, string> Body { get; init; } = ImmutableDictionary<string, string>.Empty;

    /// <summary>Members of a search query's request that take the place of those.</summary>
    public ImmutableDictionary<string, string> QueryBody { get; init; } = ImmutableDictionary<string, string>.Empty;
}
