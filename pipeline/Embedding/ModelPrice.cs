namespace Quiver.Pipeline.Embedding;

/// <summary>What tokens cost.</summary>
internal static class ModelPrice
{
    private const decimal Million = 1_000_000;

    /// <summary>The price of so many tokens, in the currency of the model's price.</summary>
    public static decimal Of(IEmbeddingModel model, long tokens) => tokens * model.PricePerMillionTokens / Million;
}
