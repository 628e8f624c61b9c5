namespace Quiver.Core.Embedding;

/// <summary>What tokens cost.</summary>
internal static class ModelPrice
{
    private const decimal Million = 1_000_000;

    /// <summary>The price of so many tokens, in the currency of the price of a million.</summary>
    public static decimal Of(decimal pricePerMillionTokens, long tokens) => tokens * pricePerMillionTokens / Million;
}
