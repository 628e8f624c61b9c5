using System.Numerics.Tensors;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Quiver.Adapters.Embeddings.Onnx;
using Quiver.Core.Embedding;

namespace Quiver.Tests.Integration.Embeddings.Onnx;

public sealed class DefaultModelTests : IDisposable
{
    private const int Seed = 40_931;
    private const double Tolerance = 1e-6;

    // Processors round sums differently, so a number between two 8-bit steps can become either of them.
    private const double OtherProcessorTolerance = 5e-3;
    private const double QuantisationTolerance = 0.015;

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
    public void Info_DefaultModel_IsAsBuilt()
    {
        Assert.Equal(("all-MiniLM-L6-v2", 384, 256, 128), (_generator.Info.Name, _generator.Info.Dimensions, _generator.Info.MaxTokens, _generator.Info.RecommendedChunkTokens));

        // The build creates the same weights everywhere: collections are bound to them.
        Assert.Equal("600ebe3de2748d10", _generator.Info.Revision);
    }

    [Theory]
    [InlineData("炒鸡蛋之前先把西红柿切成小块。", true)]
    [InlineData("合同续签", true)]
    [InlineData("หั่นมะเขือเทศก่อนทอดไข่", true)]
    [InlineData("🎉🎉🎉", true)]
    [InlineData("Yesterday heavy rain fell 🎉 and the river rose.", false)]
    [InlineData("Gestern fiel starker Regen, und der Fluß stieg über die Ufer.", false)]
    [InlineData("“Curly” quotes — and dashes…", false)]
    [InlineData("", false)]
    public void Tokenizer_TextOfAScript_IsUnknownWhenTheModelHasNoWordsForIt(string text, bool expected) =>
        Assert.Equal(expected, UnknownText.IsOne(_generator.Tokenizer, text));

    [Fact]
    public async Task GenerateAsync_GoldenTexts_GiveTheGoldenVectors()
    {
        var golden = JsonSerializer.Deserialize<GoldenCase[]>(await File.ReadAllTextAsync(GoldenFile(), Token), JsonSerializerOptions.Web)!;

        var vectors = await EmbedAsync(_generator, [.. golden.Select(static known => known.Text)]);

        Assert.All(golden.Zip(vectors), pair => Assert.All(
            pair.First.Vector.Zip(pair.Second), numbers => Assert.Equal(numbers.First, numbers.Second, OtherProcessorTolerance)));
    }

    [Fact]
    public async Task GenerateAsync_SentencesOfTheModelCard_AreAsSimilarAsItSays()
    {
        var vectors = await EmbedAsync(_generator, "The weather is lovely today.", "It's so sunny outside!", "He drove to the stadium.");

        // The model card's numbers are those of the unquantised model.
        Assert.Equal(0.6660, TensorPrimitives.Dot(vectors[0], vectors[1]), QuantisationTolerance);
        Assert.Equal(0.1046, TensorPrimitives.Dot(vectors[0], vectors[2]), QuantisationTolerance);
        Assert.Equal(0.1411, TensorPrimitives.Dot(vectors[1], vectors[2]), QuantisationTolerance);
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
        var text = string.Concat(Enumerable.Repeat("hello ", 300));

        var error = await Assert.ThrowsAsync<InvalidDocumentException>(() => EmbedAsync(_generator, "fine", text));

        Assert.Equal(ErrorCodes.DocumentTooLarge, error.Code);
        Assert.Contains("256", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task GenerateAsync_TruncationAllowed_EmbedsTheFirstTokens()
    {
        using var truncating = Generators.Create(options => options.TruncateLongTexts = true);
        var text = string.Concat(Enumerable.Repeat("the fox and ", 100));
        var length = truncating.Tokenizer.IndexOfTokenLimit(text, 256, out var tokens);

        var vectors = await EmbedAsync(truncating, text, text[..length]);

        Assert.Equal(256, tokens);
        AssertClose(vectors[1], vectors[0], "truncated");
    }

    [Fact]
    public async Task GenerateAsync_ExactlyTheLimit_IsTaken()
    {
        var text = string.Concat(Enumerable.Repeat("the fox and ", 100));
        var length = _generator.Tokenizer.IndexOfTokenLimit(text, 256, out _);

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

    private static string GoldenFile([CallerFilePath] string here = "") => Path.Combine(Path.GetDirectoryName(here) ?? "", "golden-vectors.json");

    private sealed record GoldenCase(string Text, float[] Vector);
}
