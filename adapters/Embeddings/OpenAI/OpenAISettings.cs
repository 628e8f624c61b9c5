namespace Quiver.Adapters.Embeddings.OpenAI;

/// <summary>What the requests to one provider consist of. Its text form contains no secret.</summary>
internal sealed class OpenAISettings
{
    public required string Name { get; init; }

    public required Uri Endpoint { get; init; }

    public required string Model { get; init; }

    public required int Dimensions { get; init; }

    /// <summary>The member that requests <see cref="Dimensions"/>; null omits it.</summary>
    public string? DimensionsMember { get; init; }

    /// <summary>The value of the member <c>encoding_format</c>; null omits it.</summary>
    public string? Encoding { get; init; }

    /// <summary>Additional members of the body.</summary>
    public ImmutableDictionary<string, string> Body { get; init; } = ImmutableDictionary<string, string>.Empty;

    /// <summary>Additional members of the body of a search query.</summary>
    public ImmutableDictionary<string, string> QueryBody { get; init; } = ImmutableDictionary<string, string>.Empty;

    /// <summary>The text before each document; empty for none.</summary>
    public string DocumentPrompt { get; init; } = "";

    /// <summary>The text before a search query; empty for none.</summary>
    public string QueryPrompt { get; init; } = "";

    /// <summary>Whether a search query is sent in another way than a document.</summary>
    public bool SeparatesQueries => QueryPrompt != DocumentPrompt || QueryBody.Any(member => Body.GetValueOrDefault(member.Key) != member.Value);

    /// <summary>Additional headers; may contain secrets.</summary>
    public ImmutableArray<KeyValuePair<string, string>> Headers { get; init; } = [];

    /// <summary>The API key; null for none.</summary>
    public string? Key { get; init; }

    /// <summary>The environment variable that may have the key.</summary>
    public string? KeyVariable { get; init; }

    /// <summary>Whether the service usually requires a key.</summary>
    public bool NeedsKey { get; init; }

    /// <summary>Whether the key goes into the header <c>api-key</c> instead of <c>Authorization</c>.</summary>
    public bool UsesApiKeyHeader { get; init; }

    public decimal PricePerMillionTokens { get; init; }

    /// <summary>Whether a required key is missing.</summary>
    public bool IsKeyMissing => NeedsKey && Key is null && Headers.IsEmpty;

    /// <summary>How to fix a missing or refused key.</summary>
    public string KeyRemedy => $"set Quiver:Providers:{Name}:ApiKey{(KeyVariable is null ? "" : $" or the environment variable {KeyVariable}")}";

    /// <summary>One line of foreign text for a message: without the secrets of the settings and control characters, and not too long.</summary>
    /// <param name="text">The text.</param>
    /// <param name="maxLength">The characters to keep.</param>
    public string Redact(string text, int maxLength)
    {
        foreach (var secret in Headers.Select(static header => header.Value).Append(Key).OfType<string>().Where(static secret => secret.Length > 0))
        {
            text = text.Replace(secret, "***", StringComparison.Ordinal);
        }

        var line = string.Concat(text.ReplaceLineEndings(" ").Where(static character => !char.IsControl(character))).Trim();
        return line.Length > maxLength ? line[..maxLength] + "…" : line;
    }

    public override string ToString() => $"{Name} at {Endpoint}";
}
