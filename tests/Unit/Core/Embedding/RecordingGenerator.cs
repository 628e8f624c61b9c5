using Microsoft.Extensions.AI;

namespace Quiver.Tests.Unit.Core.Embedding;

/// <summary>A generator whose vectors encode the text's length, and which records the texts.</summary>
internal sealed class RecordingGenerator : IEmbeddingGenerator<string, Embedding<float>>
{
    public List<string> Asked { get; } = [];

    public Exception? Failure { get; set; }

    public Task<GeneratedEmbeddings<Embedding<float>>> GenerateAsync(
        IEnumerable<string> values, EmbeddingGenerationOptions? options = null, CancellationToken cancellationToken = default)
    {
        string[] texts = [.. values];
        Asked.AddRange(texts);
        return Failure is null
            ? Task.FromResult(new GeneratedEmbeddings<Embedding<float>>(texts.Select(text => new Embedding<float>(new float[] { text.Length, 1 })))
            {
                Usage = new UsageDetails { InputTokenCount = texts.Sum(text => text.Length) },
            })
            : Task.FromException<GeneratedEmbeddings<Embedding<float>>>(Failure);
    }

    public object? GetService(Type serviceType, object? serviceKey = null) => null;

    public void Dispose()
    {
    }
}
