using Microsoft.Extensions.AI;

namespace Quiver.Core.Embedding;

/// <summary>A model with all that a pipeline needs of it. Thread-safe.</summary>
public interface IEmbeddingModel
{
    /// <summary>What is fixed about it.</summary>
    EmbeddingModelInfo Info { get; }

    /// <summary>Its tokenizer.</summary>
    ITokenizer Tokenizer { get; }

    /// <summary>
    /// Makes vectors, in the order of the texts; L2-normalised, <see cref="EmbeddingModelInfo.Dimensions"/> long.
    /// Throws Quiver's errors, already classified.
    /// </summary>
    IEmbeddingGenerator<string, Embedding<float>> Generator { get; }

    /// <summary>Whether the model is reached over the network, so that waiting for it takes no processor. Default: false.</summary>
    bool IsRemote => false;

    /// <summary>Price of a million tokens, in whatever currency the prices are configured in. Default: 0.</summary>
    decimal PricePerMillionTokens => 0;
}
