using Microsoft.Extensions.AI;
using Microsoft.Extensions.Logging;
using Quiver.Adapters.Embeddings.Onnx;
using Quiver.Core.Embedding;

namespace Quiver.Bench.Inputs;

/// <summary>The default model but for its vectors: its real tokenizer, the same decorators and the same cache, and vectors that cost nothing.</summary>
internal sealed class TrivialModel : IEmbeddingModel
{
    private const int Dimensions = 8;

    public TrivialModel(EmbeddingInstruments instruments, TimeProvider time, ILogger<CachingEmbeddingGenerator> logger, IEmbeddingCache cache)
    {
        var model = LocalModelReader.Read(new OnnxOptions().ModelPath);
        Tokenizer = model.Tokenizer;
        Info = model.Info with { Name = "trivial", Dimensions = Dimensions };
        var measured = new TelemetryEmbeddingGenerator(new TrivialEmbeddings(Dimensions), Info, "none", instruments, time);
        Generator = new CachingEmbeddingGenerator(measured, Info, cache, logger);
    }

    public EmbeddingModelInfo Info { get; }

    public ITokenizer Tokenizer { get; }

    public IEmbeddingGenerator<string, Embedding<float>> Generator { get; }
}
