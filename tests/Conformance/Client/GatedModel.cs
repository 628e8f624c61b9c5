using System.Text;
using Microsoft.Extensions.AI;
using Quiver.Core.Embedding;
using Quiver.Tests.Support;

namespace Quiver.Tests.Conformance.Client;

/// <summary>A small deterministic model: texts with the same words are near. A test can hold its calls.</summary>
internal sealed class GatedModel(string revision = "1") : IEmbeddingModel, IEmbeddingGenerator<string, Embedding<float>>
{
    private Gate _gate = new("");

    public EmbeddingModelInfo Info { get; } = new("words", revision, 64, 128, 64);

    public ITokenizer Tokenizer { get; } = new PieceTokenizer();

    public IEmbeddingGenerator<string, Embedding<float>> Generator => this;

    /// <summary>Whether calls fail permanently.</summary>
    public bool Broken { get; set; }

    /// <summary>From now on only calls with a text of this word wait, so that all work stops at the same document.</summary>
    public void Hold(string word) => Interlocked.Exchange(ref _gate, new(word)).Replaced.TrySetResult();

    /// <summary>Lets all calls continue.</summary>
    public void Open() => Hold("");

    public async Task<GeneratedEmbeddings<Embedding<float>>> GenerateAsync(
        IEnumerable<string> values, EmbeddingGenerationOptions? options = null, CancellationToken cancellationToken = default)
    {
        while (Volatile.Read(ref _gate) is var gate && values.Any(text => Words(text).Contains(gate.Word)))
        {
            await gate.Replaced.Task.WaitAsync(cancellationToken);
        }

        return Broken
            ? throw new PermanentException(ErrorCodes.ModelUnavailable, "The model is broken on purpose.")
            : new(values.Select(text => new Embedding<float>(Vector(text))));
    }

    public object? GetService(Type serviceType, object? serviceKey = null) => null;

    public void Dispose()
    {
    }

    private float[] Vector(string text)
    {
        var vector = new float[Info.Dimensions];
        foreach (var word in Words(text))
        {
            // FNV-1a, because string hashes differ from process to process.
            var hash = Encoding.UTF8.GetBytes(word).Aggregate(2166136261u, static (hash, next) => (hash ^ next) * 16777619u);
            vector[hash % (uint)vector.Length]++;
        }

        var length = MathF.Sqrt(vector.Sum(static value => value * value));
        return [.. vector.Select(value => length == 0 ? 1 / MathF.Sqrt(vector.Length) : value / length)];
    }

    private static string[] Words(string text) => text.ToLowerInvariant().Split([' ', '\n', '.'], StringSplitOptions.RemoveEmptyEntries);

    private sealed record Gate(string Word)
    {
        public TaskCompletionSource Replaced { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
