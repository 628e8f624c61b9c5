using System.Numerics.Tensors;
using Quiver.Adapters.Onnx;

namespace Quiver.Tests.Integration.Onnx;

public sealed class DefaultModelTests : IDisposable
{
    private const int Seed = 40_931;
    private const double Tolerance = 1e-6;

    private static readonly string[] Sentences =
    [
        "Quiver turns datasets into searchable vectors.", "A paused job is still paused after a restart.", "hello", "world", "", "a", "naïve café",
        "The quick brown fox jumps over the lazy dog, and the dog does not mind in the least because it is asleep.",
        "public static void Main(string[] args) { return; }",
    ];

    private readonly OnnxEmbeddingGenerator _generator = Generators.Create();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _generator.Dispose();

    [Fact]
    public void Info_DefaultModel_IsAsConverted()
    {
        Assert.Equal(("use-lite", 512, 128, 64), (_generator.Info.Name, _generator.Info.Dimensions, _generator.Info.MaxTokens, _generator.Info.RecommendedChunkTokens));
        Assert.Matches("^[0-9a-f]{16}$", _generator.Info.Revision);
    }

    [Fact]
    public async Task GenerateAsync_Hello_GivesTheGoldenValues()
    {
        var vectors = await EmbedAsync(_generator, "hello", "world");

        float[] expected = [0.0416783f, -0.0223626f, -0.0476075f, -0.0492788f, 0.0450711f];
        for (var i = 0; i < expected.Length; i++)
        {
            Assert.Equal(expected[i], vectors[0][i], Tolerance);
        }

        Assert.Equal(0.346360, TensorPrimitives.Dot(vectors[0], vectors[1]), Tolerance);
    }

    [Fact]
    public async Task GenerateAsync_AnyText_IsNormalised()
    {
        foreach (var vector in await EmbedAsync(_generator, Sentences))
        {
            Assert.Equal(1, TensorPrimitives.Norm(vector), 1e-5);
        }
    }

    [Fact]
    public async Task GenerateAsync_EmptyText_IsTheSameAloneAndInABatch()
    {
        var alone = await EmbedAsync(_generator, "");
        var together = await EmbedAsync(_generator, "", "hello", "");

        AssertClose(alone[0], together[0], "first");
        AssertClose(alone[0], together[2], "last");
    }

    [Fact]
    public async Task GenerateAsync_NoTexts_GivesNone() => Assert.Empty(await EmbedAsync(_generator));

    [Fact]
    public async Task GenerateAsync_TextAloneOrInABatch_GivesTheSameVector()
    {
        var random = new Random(Seed);
        var words = string.Join(' ', Sentences).Split(' ');
        string[] texts = [.. Enumerable.Range(0, 120).Select(_ => string.Join(' ', random.GetItems(words, random.Next(1, 40)))), .. Sentences];

        var together = await EmbedAsync(_generator, texts);

        for (var i = 0; i < texts.Length; i++)
        {
            AssertClose((await EmbedAsync(_generator, texts[i]))[0], together[i], $"seed {Seed}, text {i}");
        }
    }

    [Fact]
    public async Task GenerateAsync_OneThreadOrTwo_GivesEqualVectors()
    {
        using var single = Generators.Create(options => options.Threads = 1);
        string[] texts = [.. Enumerable.Range(0, 100).Select(i => $"{Sentences[i % Sentences.Length]} {i}")];

        var one = await EmbedAsync(single, texts);
        var two = await EmbedAsync(_generator, texts);

        Assert.Equal(one, two);
    }

    [Fact]
    public async Task GenerateAsync_ConcurrentCallers_EachGetsItsOwn()
    {
        var expected = await EmbedAsync(_generator, Sentences);

        var answers = await Task.WhenAll(Enumerable.Range(0, 24).Select(i => EmbedAsync(_generator, Sentences[i % Sentences.Length])));

        for (var i = 0; i < answers.Length; i++)
        {
            AssertClose(expected[i % Sentences.Length], answers[i][0], $"caller {i}");
        }
    }

    [Fact]
    public async Task GenerateAsync_TextBeyondTheLimit_NamesTheLimit()
    {
        var text = string.Concat(Enumerable.Repeat("hello ", 200));

        var error = await Assert.ThrowsAsync<InvalidDocumentException>(() => EmbedAsync(_generator, "fine", text));

        Assert.Equal(ErrorCodes.DocumentTooLarge, error.Code);
        Assert.Contains("128", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task GenerateAsync_TruncationAllowed_EmbedsTheFirstTokens()
    {
        using var truncating = Generators.Create(options => options.TruncateLongTexts = true);
        var text = string.Concat(Enumerable.Repeat("the fox and ", 100));
        var length = truncating.Tokenizer.IndexOfTokenLimit(text, 128, out var tokens);

        var vectors = await EmbedAsync(truncating, text, text[..length]);

        Assert.Equal(128, tokens);
        AssertClose(vectors[1], vectors[0], "truncated");
    }

    [Fact]
    public async Task GenerateAsync_ExactlyTheLimit_IsTaken()
    {
        var text = string.Concat(Enumerable.Repeat("the fox and ", 100));
        var length = _generator.Tokenizer.IndexOfTokenLimit(text, 128, out _);

        Assert.Single(await EmbedAsync(_generator, text[..length]));
    }

    private static async Task<float[][]> EmbedAsync(OnnxEmbeddingGenerator generator, params string[] texts) =>
        [.. (await generator.GenerateAsync(texts, cancellationToken: Token)).Select(embedding => embedding.Vector.ToArray())];

    private static void AssertClose(float[] expected, float[] actual, string because)
    {
        for (var i = 0; i < expected.Length; i++)
        {
            Assert.True(Math.Abs(expected[i] - actual[i]) <= Tolerance, $"{because}: component {i} is {actual[i]} instead of {expected[i]}");
        }
    }
}
