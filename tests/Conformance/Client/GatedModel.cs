using System.Text;
using Microsoft.Extensions.AI;
using Quiver.Pipeline.Embedding;
using Quiver.Tests.Support;

namespace Quiver.Tests.Conformance.Client;

/// <summary>A small deterministic model: texts with the same words are near. It can be held, so that a test decides when work goes on.</summary>
internal sealed class GatedModel : IEmbeddingModel, IEmbeddingGenerator<string, Embedding<float>>
{
    private SemaphoreSlim? _permits;

    public EmbeddingModelInfo Info { get; } = new("words", "1", 64, 128, 64);

    public ITokenizer Tokenizer { get; } = new PieceTokenizer();

    public IEmbeddingGenerator<string, Embedding<float>> Generator => this;

    /// <summary>Whether calls fail for good.</summary>
    public bool Broken { get; set; }

    /// <summary>From now on a call waits for <see cref="Let"/>.</summary>
    public void Hold() => Volatile.Write(ref _permits, new SemaphoreSlim(0));

    /// <summary>Lets so many calls go on.</summary>
    public void Let(int calls) => Volatile.Read(ref _permits)?.Release(calls);

    /// <summary>Lets all calls go on, now and later.</summary>
    public void Open() => Interlocked.Exchange(ref _permits, null)?.Release(1_000_000);

    public async Task<GeneratedEmbeddings<Embedding<float>>> GenerateAsync(
        IEnumerable<string> values, EmbeddingGenerationOptions? options = null, CancellationToken cancellationToken = default)
    {
        if (Volatile.Read(ref _permits) is { } permits)
            await permits.WaitAsync(cancellationToken);
        return Broken
            ? throw new PermanentException(ErrorCodes.ModelUnavailable, "The model is broken on purpose.")
            : new(values.Select(text => new Embedding<float>(Vector(text))));
    }

    public object? GetService(Type serviceType, object? serviceKey = null) => null;

    public void Dispose() => _permits?.Dispose();

    private float[] Vector(string text)
    {
        var vector = new float[Info.Dimensions];
        foreach (var word in text.ToLowerInvariant().Split([' ', '\n', '.'], StringSplitOptions.RemoveEmptyEntries))
        {
            // FNV-1a, because string hashes differ from process to process.
            var hash = Encoding.UTF8.GetBytes(word).Aggregate(2166136261u, static (hash, next) => (hash ^ next) * 16777619u);
            vector[hash % (uint)vector.Length]++;
        }

        var length = MathF.Sqrt(vector.Sum(static value => value * value));
        return [.. vector.Select(value => length == 0 ? 1 / MathF.Sqrt(vector.Length) : value / length)];
    }
}
