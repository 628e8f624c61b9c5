using Microsoft.Extensions.AI;

namespace Quiver.Bench.Inputs;

/// <summary>Vectors that cost nothing: a few numbers from a text's length and first characters.</summary>
internal sealed class TrivialEmbeddings(int dimensions) : IEmbeddingGenerator<string, Embedding<float>>
{
    public Task<GeneratedEmbeddings<Embedding<float>>> GenerateAsync(
        IEnumerable<string> values, EmbeddingGenerationOptions? options = null, CancellationToken cancellationToken = default) =>
        Task.FromResult(new GeneratedEmbeddings<Embedding<float>>(values.Select(Embed)));

    public object? GetService(Type serviceType, object? serviceKey = null) => serviceType.IsInstanceOfType(this) ? this : null;

    public void Dispose()
    {
    }

    private Embedding<float> Embed(string text)
    {
        var vector = new float[dimensions];
        for (var i = 0; i < dimensions; i++)
        {
            vector[i] = i < text.Length ? text[i] : 1;
        }

        var length = MathF.Sqrt(vector.Sum(number => number * number));
        return new Embedding<float>(vector.Select(number => number / length).ToArray());
    }
}
