using Microsoft.Extensions.AI;
using Quiver.Core.Embedding;

namespace Quiver.Adapters.Embeddings.OpenAI;

/// <summary>A model at a service, with its decorators.</summary>
internal sealed record OpenAIEmbeddingModel(
    EmbeddingModelInfo Info, ITokenizer Tokenizer, IEmbeddingGenerator<string, Embedding<float>> Generator, decimal PricePerMillionTokens) : IEmbeddingModel
{
    public bool IsRemote => true;
}
