namespace Quiver.Core.Embedding.Providers;

/// <summary>
/// A provider refused a request and stated the limit that the request exceeds. Adapters throw it; <see cref="BatchingEmbeddingGenerator"/>
/// handles it, so it never leaves the provider stack.
/// </summary>
/// <param name="message">One sentence, with the provider's own words.</param>
/// <param name="limits">What the provider stated.</param>
/// <param name="inner">The cause.</param>
public sealed class ProviderLimitException(string message, StatedLimits limits, Exception? inner = null)
    : QuiverException(ErrorCodes.RefusedText, message, FaultKind.InvalidInput, inner)
{
    /// <summary>The limits that the provider stated.</summary>
    public StatedLimits Limits => limits;
}

/// <summary>Limits that a provider stated in a refusal; null where it stated none.</summary>
/// <param name="MaxInputs">Texts in a request, at least 1.</param>
/// <param name="MaxTokensPerRequest">Tokens in a request, at least 1.</param>
/// <param name="MaxTokensPerInput">Tokens of a text, at least 1.</param>
public sealed record StatedLimits(int? MaxInputs = null, int? MaxTokensPerRequest = null, int? MaxTokensPerInput = null);
