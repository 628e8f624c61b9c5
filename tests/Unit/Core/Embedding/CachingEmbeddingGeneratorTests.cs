using Microsoft.Extensions.Logging.Abstractions;
using Quiver.Core.Embedding;

namespace Quiver.Tests.Unit.Core.Embedding;

public sealed class CachingEmbeddingGeneratorTests
{
    private readonly RecordingGenerator _inner = new();
    private readonly MemoryCache _cache = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task GenerateAsync_RepeatedTexts_AsksForEachOnceAndKeepsTheOrder()
    {
        using var generator = Create("r1");

        var answer = await generator.GenerateAsync(["aa", "b", "aa", "cccc"], cancellationToken: Token);

        Assert.Equal(["aa", "b", "cccc"], _inner.Asked);
        Assert.Equal([2f, 1f, 2f, 4f], answer.Select(embedding => embedding.Vector.Span[0]));
        Assert.Equal((3, 1), EmbeddingUsage.Read(answer));
        Assert.Equal(7, answer.Usage?.InputTokenCount);
    }

    [Fact]
    public async Task GenerateAsync_KnownTexts_AsksForTheOthersOnly()
    {
        using var generator = Create("r1");
        await generator.GenerateAsync(["aa", "b"], cancellationToken: Token);
        _inner.Asked.Clear();

        var answer = await generator.GenerateAsync(["b", "ddd", "aa"], cancellationToken: Token);

        Assert.Equal(["ddd"], _inner.Asked);
        Assert.Equal([1f, 3f, 2f], answer.Select(embedding => embedding.Vector.Span[0]));
        Assert.Equal((1, 2), EmbeddingUsage.Read(answer));
    }

    [Fact]
    public async Task GenerateAsync_AnotherRevision_KnowsNothing()
    {
        using var first = Create("r1");
        using var second = Create("r2");
        await first.GenerateAsync(["aa"], cancellationToken: Token);

        await second.GenerateAsync(["aa"], cancellationToken: Token);

        Assert.Equal(["aa", "aa"], _inner.Asked);
    }

    [Fact]
    public async Task GenerateAsync_FailingCache_StillAnswers()
    {
        _cache.Failure = new IOException("disk full");
        using var generator = Create("r1");

        var answer = await generator.GenerateAsync(["aa"], cancellationToken: Token);

        Assert.Equal(2f, answer[0].Vector.Span[0]);
    }

    [Theory]
    [InlineData(1f, 2f, 3f)]
    [InlineData(0f, 0f)]
    [InlineData(float.NaN, 1f)]
    [InlineData(1f, float.PositiveInfinity)]
    public async Task GenerateAsync_DamagedCachedVector_IsComputedAgainAndReplaced(params float[] damaged)
    {
        using var generator = Create("r1");
        await generator.GenerateAsync(["aa"], cancellationToken: Token);
        var key = _cache.Entries.Keys.Single();
        var intact = _cache.Entries[key];
        _cache.Entries[key] = damaged;

        var answer = await generator.GenerateAsync(["aa"], cancellationToken: Token);

        Assert.Equal(intact, answer[0].Vector.ToArray());
        Assert.Equal(intact, _cache.Entries[key]);
        Assert.Equal((1, 0), EmbeddingUsage.Read(answer));
    }

    [Fact]
    public async Task GenerateAsync_FailingModel_KeepsNothing()
    {
        _inner.Failure = new TransientException("x", "later");
        using var generator = Create("r1");

        await Assert.ThrowsAsync<TransientException>(() => generator.GenerateAsync(["aa"], cancellationToken: Token));

        Assert.Empty(_cache.Entries);
    }

    [Fact]
    public void Compute_TextsThatDifferInLoneSurrogates_HaveDifferentHashes() =>
        Assert.NotEqual(TextHash.Compute("a\ud800"), TextHash.Compute("a\ud801"));

    [Fact]
    public void Compute_PlainText_IsTheHashOfItsUtf8Form() =>
        Assert.Equal("2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824", Convert.ToHexStringLower(TextHash.Compute("hello")));

    private CachingEmbeddingGenerator Create(string revision) =>
        new(_inner, new EmbeddingModelInfo("test", revision, 2, 100, 50), _cache, NullLogger<CachingEmbeddingGenerator>.Instance);
}
