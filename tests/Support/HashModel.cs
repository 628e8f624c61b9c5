using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.AI;
using Quiver.Core.Embedding;

namespace Quiver.Tests.Support;

/// <summary>A model of 8 dimensions whose vectors come from a hash of the text. Counts its calls, and refuses the texts that a test chooses.</summary>
internal sealed class HashModel : IEmbeddingModel, IEmbeddingGenerator<string, Embedding<float>>
{
    public const int Dimensions = 8;

    private int _calls;
    private int _texts;

    public EmbeddingModelInfo Info { get; init; } = new("hash", "00000001", Dimensions, 64, 16);

    public ITokenizer Tokenizer { get; } = new WordTokenizer();

    public IEmbeddingGenerator<string, Embedding<float>> Generator => this;

    /// <summary>Texts that cannot be embedded.</summary>
    public Func<string, bool> Refuses { get; set; } = _ => false;

    /// <summary>Texts whose vector is of no use.</summary>
    public Func<string, bool> Spoils { get; set; } = _ => false;

    /// <summary>Thrown by the next calls, one each.</summary>
    public Queue<Exception> Faults { get; } = new();

    /// <summary>Other vectors for all texts, as another model would return them; empty for the model's own.</summary>
    public string Salt { get; set; } = "";

    public int Calls => Volatile.Read(ref _calls);

    /// <summary>Texts embedded.</summary>
    public int Texts => Volatile.Read(ref _texts);

    public static float[] Embed(string text)
    {
        var hash = SHA256.HashData(Encoding.Unicode.GetBytes(text));
        var vector = Enumerable.Range(0, Dimensions).Select(i => hash[i] - 127.5f).ToArray();
        var norm = MathF.Sqrt(vector.Sum(number => number * number));
        return [.. vector.Select(number => number / norm)];
    }

    public Task<GeneratedEmbeddings<Embedding<float>>> GenerateAsync(IEnumerable<string> values, EmbeddingGenerationOptions? options = null, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        Interlocked.Increment(ref _calls);
        if (Faults.TryDequeue(out var fault))
        {
            throw fault;
        }

        var texts = values.ToList();
        if (texts.Exists(text => Refuses(text)))
        {
            throw new InvalidDocumentException("refused_text", "The model refuses a text.");
        }

        Interlocked.Add(ref _texts, texts.Count);
        return Task.FromResult(new GeneratedEmbeddings<Embedding<float>>(texts.Select(text => new Embedding<float>(Spoils(text) ? new float[Dimensions] : Embed(Salt + text)))));
    }

    public object? GetService(Type serviceType, object? serviceKey = null) => null;

    public void Dispose()
    {
    }
}
