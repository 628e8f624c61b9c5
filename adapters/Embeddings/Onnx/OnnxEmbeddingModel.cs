using Microsoft.Extensions.AI;
using Microsoft.Extensions.Logging;
using Quiver.Core.Embedding;

namespace Quiver.Adapters.Embeddings.Onnx;

/// <summary>The local model with its decorators: what the cache knows is not computed, and what is computed is measured.</summary>
internal sealed class OnnxEmbeddingModel : IEmbeddingModel
{
    public OnnxEmbeddingModel(
        OnnxEmbeddingGenerator generator, EmbeddingInstruments instruments, TimeProvider time, ILogger<CachingEmbeddingGenerator> logger, IEmbeddingCache? cache = null)
    {
        (Info, Tokenizer) = (generator.Info, generator.Tokenizer);
        Generator = new TelemetryEmbeddingGenerator(generator, Info, OnnxEmbeddingGenerator.Provider, instruments, time);
        if (cache is not null)
        {
            Generator = new CachingEmbeddingGenerator(Generator, Info, cache, logger);
        }
    }

    public EmbeddingModelInfo Info { get; }

    public ITokenizer Tokenizer { get; }

    public IEmbeddingGenerator<string, Embedding<float>> Generator { get; }
}
