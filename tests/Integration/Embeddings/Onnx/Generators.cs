using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Quiver.Adapters.Embeddings.Onnx;

namespace Quiver.Tests.Integration.Embeddings.Onnx;

/// <summary>Makes real generators.</summary>
internal static class Generators
{
    public static OnnxEmbeddingGenerator Create(Action<OnnxOptions>? configure = null)
    {
        var options = new OnnxOptions { Threads = 2 };
        configure?.Invoke(options);
        return new OnnxEmbeddingGenerator(Options.Create(options), NullLogger<OnnxEmbeddingGenerator>.Instance);
    }
}
