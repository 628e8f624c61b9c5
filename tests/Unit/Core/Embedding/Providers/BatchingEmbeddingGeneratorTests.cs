using Microsoft.Extensions.AI;
using Quiver.Core.Embedding;
using Quiver.Core.Embedding.Providers;
using Quiver.GrainInterfaces.Providers;
using Quiver.Tests.Support;

namespace Quiver.Tests.Unit.Core.Embedding.Providers;

/// <summary>What a refusal or an equal failure of a request does to its texts, over a scripted provider without HTTP.</summary>
public sealed class BatchingEmbeddingGeneratorTests : IEmbeddingGenerator<string, Embedding<float>>
{
    private static readonly EmbeddingModelInfo Info = new("scripted", "00000001", HashModel.Dimensions, 100, 50);

    private readonly CapturedLog _log = new();
    private readonly ManualTimeProvider _time = new();
    private readonly List<string[]> _requests = [];
    private Func<string[], Exception?> _script = _ => null;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public Task<GeneratedEmbeddings<Embedding<float>>> GenerateAsync(
        IEnumerable<string> values, EmbeddingGenerationOptions? options = null, CancellationToken cancellationToken = default)
    {
        string[] texts = [.. values];
        lock (_requests)
        {
            _requests.Add(texts);
            return _script(texts) is { } fault
                ? Task.FromException<GeneratedEmbeddings<Embedding<float>>>(fault)
                : Task.FromResult(new GeneratedEmbeddings<Embedding<float>>(texts.Select(text => new Embedding<float>(HashModel.Embed(text)))));
        }
    }

    public object? GetService(Type serviceType, object? serviceKey = null) => null;

    public void Dispose()
    {
    }

    [Fact]
    public async Task StatedLimit_SplitsTheRefusedRequestByIt_AndIsKept()
    {
        _script = texts => texts.Length > 10 ? new ProviderLimitException("At most 10 texts.", new StatedLimits(MaxInputs: 10)) : null;
        var generator = Create(attempts: 1);

        AssertRight(Texts(64), await generator.GenerateAsync(Texts(64), cancellationToken: Token));
        AssertRight(Texts(64), await generator.GenerateAsync(Texts(64), cancellationToken: Token));

        Assert.Equal([64, 10, 10, 10, 10, 10, 10, 4, 10, 10, 10, 10, 10, 10, 4], _requests.Select(request => request.Length));
        Assert.Equal(new LearnedLimits { MaxInputs = 10 }, generator.GetService(typeof(LearnedLimits)));
        Assert.Single(_log.Lines);
    }

    [Fact]
    public async Task StatedLimit_IsDoubledAfterAnHour_AndAgainUntilTheProviderRefuses()
    {
        var limit = 10;
        _script = texts => texts.Length > limit ? new ProviderLimitException($"At most {limit} texts.", new StatedLimits(MaxInputs: limit)) : null;
        var generator = Create(attempts: 1);
        await generator.GenerateAsync(Texts(64), cancellationToken: Token);
        limit = 30;
        List<int> largest = [];
        for (var hour = 0; hour < 4; hour++)
        {
            _time.Advance(TimeSpan.FromHours(1));
            _requests.Clear();
            AssertRight(Texts(64), await generator.GenerateAsync(Texts(64), cancellationToken: Token));
            largest.Add(_requests.Max(request => request.Length));
        }

        Assert.Equal([20, 40, 60, 60], largest);
        Assert.Equal(new LearnedLimits { MaxInputs = 30 }, generator.GetService(typeof(LearnedLimits)));
        Assert.Equal(2, _log.Lines.Count);
    }

    [Fact]
    public async Task StatedLimitOfOneText_SendsLongerTextsAlone_AndLosesNoneThatTheProviderAccepts()
    {
        // Quiver counts one token for a word; the provider refuses only the longest text.
        string[] texts = ["a", Words(30), "b", Words(60), "c"];
        _script = request => request.Any(text => text.Length > 100) ? new ProviderLimitException("At most 20 tokens.", new StatedLimits(MaxTokensPerInput: 20)) : null;
        var generator = Create(attempts: 1);

        var answer = await generator.GenerateAsync(texts, cancellationToken: Token);

        Assert.Equal([3], Enumerable.Range(0, texts.Length).Where(i => EmbeddingRefusal.Find(answer[i]) is not null));
        var reason = Assert.IsType<InvalidDocumentException>(EmbeddingRefusal.Find(answer[3]));
        Assert.Equal((ErrorCodes.RefusedText, "At most 20 tokens."), (reason.Code, reason.Message));
        Assert.Contains(_requests, request => request is [var alone] && alone == texts[1]);
    }

    [Fact]
    public async Task TextThatAlwaysFails_IsIsolatedWhileOthersAreAnswered()
    {
        var texts = Texts(64);
        var failures = 0;
        _script = request => request.Contains("text 17") ? Error500($"It failed (500), id {++failures:x}: NaN.") : null;
        var generator = Create(attempts: 3);

        var answer = await generator.GenerateAsync(texts, cancellationToken: Token);

        var guilty = Assert.Single(answer, embedding => EmbeddingRefusal.Find(embedding) is not null);
        Assert.Equal(17, answer.IndexOf(guilty));
        Assert.Equal(ErrorCodes.RefusedText, EmbeddingRefusal.Find(guilty)!.Code);
        Assert.Contains("NaN", EmbeddingRefusal.Find(guilty)!.Message, StringComparison.Ordinal);
        Assert.Equal(9, failures);
        Assert.Single(_log.Lines);
    }

    [Theory]
    [InlineData(1, 3)]
    [InlineData(2, 2)]
    [InlineData(3, 1)]
    public async Task TextThatAlwaysFails_IsSuspectedAfterAFewEqualAnswers(int attempts, int calls)
    {
        _script = request => request.Contains("text 1") ? Error500("It failed.") : null;
        var generator = Create(attempts);
        for (var call = 1; call < calls; call++)
        {
            await Assert.ThrowsAsync<TransientException>(() => generator.GenerateAsync(Texts(4), cancellationToken: Token));
        }

        var answer = await generator.GenerateAsync(Texts(4), cancellationToken: Token);

        Assert.Equal([1], Enumerable.Range(0, 4).Where(i => EmbeddingRefusal.Find(answer[i]) is not null));
    }

    [Fact]
    public async Task SuspectedText_ThatIsRefusedInTheEnd_FailsAlone()
    {
        var failures = 0;
        _script = request => !request.Contains("text 1") ? null
            : request.Length > 1 || ++failures < 2 ? Error500("It failed.")
            : new InvalidDocumentException(ErrorCodes.RefusedText, "No.");
        var generator = Create(attempts: 3);

        var answer = await generator.GenerateAsync(Texts(4), cancellationToken: Token);

        Assert.Equal([1], Enumerable.Range(0, 4).Where(i => EmbeddingRefusal.Find(answer[i]) is not null));
        Assert.Equal("No.", EmbeddingRefusal.Find(answer[1])!.Message);
    }

    [Fact]
    public async Task Outage_IsolatesNothing()
    {
        _script = _ => Error500("It failed.");
        var generator = Create(attempts: 3);
        for (var call = 0; call < 20; call++)
        {
            await Assert.ThrowsAsync<TransientException>(() => generator.GenerateAsync(Texts(4), cancellationToken: Token));
        }

        _script = _ => null;

        AssertRight(Texts(4), await generator.GenerateAsync(Texts(4), cancellationToken: Token));
    }

    [Fact]
    public async Task OutageThatBeginsWhileATextIsIsolated_FailsNoText()
    {
        var left = 3;
        _script = request => request.Contains("text 1") || left-- <= 0 ? Error500("It failed.") : null;
        var generator = Create(attempts: 3);

        await Assert.ThrowsAsync<TransientException>(() => generator.GenerateAsync(Texts(4), cancellationToken: Token));
        _script = _ => null;

        AssertRight(Texts(4), await generator.GenerateAsync(Texts(4), cancellationToken: Token));
    }

    [Theory]
    [InlineData(ErrorCodes.Timeout, null)]
    [InlineData(ErrorCodes.ProviderUnavailable, 5)]
    [InlineData(ErrorCodes.ProviderUnavailable, null)]
    public async Task SilenceOrAnOverloadOrAWaitAskedFor_IsNoFaultOfAText(string code, int? retryAfter)
    {
        _script = request => request.Contains("text 1")
            ? new TransientException(code, "Later.") { RetryAfter = retryAfter is { } seconds ? TimeSpan.FromSeconds(seconds) : null }
            : null;
        var generator = Create(attempts: 3);
        for (var call = 0; call < 5; call++)
        {
            await Assert.ThrowsAsync<TransientException>(() => generator.GenerateAsync(Texts(4), cancellationToken: Token));
        }

        Assert.All(_requests, request => Assert.Equal(4, request.Length));
    }

    private static TransientException Error500(string message) =>
        new(ErrorCodes.ProviderUnavailable, message, new ServerErrorException());

    private BatchingEmbeddingGenerator Create(int attempts) => new(
        this,
        new ProviderDescription(
            "p",
            "scripted",
            Info,
            new WordTokenizer(),
            new ProviderLimits(64, 1000, 100, 8),
            new ProviderResilience(attempts, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1), 8, TimeSpan.FromSeconds(1))),
        _time,
        _log);

    private static string[] Texts(int count) => [.. Enumerable.Range(0, count).Select(i => $"text {i}")];

    private static string Words(int count) => string.Join(' ', Enumerable.Repeat("w", count));

    private static void AssertRight(string[] texts, GeneratedEmbeddings<Embedding<float>> answer) =>
        Assert.Equal(texts.Select(HashModel.Embed), answer.Select(embedding => embedding.Vector.ToArray()));
}
