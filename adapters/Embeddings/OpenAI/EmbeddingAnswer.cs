namespace Quiver.Adapters.Embeddings.OpenAI;

/// <summary>What a provider answered.</summary>
/// <param name="Vectors">In the order of the texts, as long as the model's.</param>
/// <param name="Tokens">What the provider counted; null when it did not say.</param>
internal sealed record EmbeddingAnswer(float[][] Vectors, long? Tokens);
