namespace Quiver.Core.Embedding.Providers;

/// <summary>What a provider takes at most.</summary>
/// <param name="MaxInputs">Texts in a request, at least 1.</param>
/// <param name="MaxTokensPerRequest">Tokens in a request, at least <paramref name="MaxTokensPerInput"/>.</param>
/// <param name="MaxTokensPerInput">Tokens of a text.</param>
/// <param name="MaxConcurrency">Requests at a time from one silo.</param>
/// <param name="RequestsPerMinute">Requests in any minute, of the whole cluster; null for no bound.</param>
/// <param name="TokensPerMinute">Tokens in any minute, of the whole cluster; null for no bound. At least twice <paramref name="MaxTokensPerInput"/>.</param>
public sealed record ProviderLimits(
    int MaxInputs, int MaxTokensPerRequest, int MaxTokensPerInput, int MaxConcurrency, int? RequestsPerMinute = null, int? TokensPerMinute = null)
{
    // A twelfth of a minute: requests come evenly rather than all at its begin, and the rest of the minute is left for the refill.
    private const int BurstsPerMinute = 12;

    /// <summary>Requests that may come at once, where there is a bound per minute.</summary>
    public int RequestBurst => Math.Max(1, (RequestsPerMinute ?? int.MaxValue) / BurstsPerMinute);

    /// <summary>Tokens that may come at once, where there is a bound per minute.</summary>
    public int TokenBurst => Math.Max(MaxTokensPerInput, (TokensPerMinute ?? int.MaxValue) / BurstsPerMinute);

    /// <summary>Tokens that one request is filled up to: a larger one could never be paid for.</summary>
    public int RequestTokens => TokensPerMinute is null ? MaxTokensPerRequest : Math.Min(MaxTokensPerRequest, TokenBurst);

    /// <summary>Whether anything must be leased.</summary>
    public bool HasBudget => RequestsPerMinute is not null || TokensPerMinute is not null;
}
