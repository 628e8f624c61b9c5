using Quiver.Tests.Support;
using Quiver.Tests.Support.Providers;

namespace Quiver.Tests.Integration.Embeddings.OpenAI;

/// <summary>Every answer that is paid for is counted once, per job and per tenant, even when it is not used.</summary>
public sealed class ProviderMeteringTests
{
    private const decimal Price = 2.5m;

    /// <summary>The request that always fails the job.</summary>
    private const int RevokedAt = 9;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Meters_ThroughRandomFaultsAndRetriesOfTheJob_CountWhatTheProviderChargesFor(int run)
    {
        const int documents = 120;
        var random = Seed.For($"{nameof(ProviderMeteringTests)}{run}");
        await using var silo = await StartAsync(("Quiver:Jobs:MaxAttempts", "2"), ("Quiver:Providers:scripted:MaxInputs", "4"));
        silo.Provider.Answers(request => request.Number == RevokedAt ? ProviderReply.Error(401) : Fault(request, random));
        var job = (await silo.SubmitAsync(silo.Write(documents))).Id;

        var report = await silo.EndAsync(job);
        var retries = 0;
        for (; report.Status.State == JobState.Failed; retries++)
        {
            AssertCharged(silo, report.Status.Counters);
            var last = (await silo.Client().RetryJobAsync(job, Token)).LastEventSequence;
            report = await silo.EndAsync(job, after: last);
        }

        Assert.True(retries > 0, $"No attempt of the job failed. {Seed.Text}");
        Assert.Equal(documents, report.Status.Counters.Documents);
        AssertCharged(silo, report.Status.Counters);
        var usage = await silo.Client().GetUsageAsync(Token);
        Assert.Equal(
            (report.Status.Counters.EmbeddingCalls, report.Status.Counters.EmbeddedTexts, report.Status.Counters.EmbeddedTokens, report.Status.Counters.Cost),
            (usage.EmbeddingCalls, usage.EmbeddedTexts, usage.EmbeddedTokens, usage.Cost));
    }

    [Fact]
    public async Task Answer_ThatComesWhenItsJobHasFailed_IsCounted()
    {
        await using var silo = await StartAsync(("Quiver:Jobs:MaxAttempts", "1"), ("Quiver:Providers:scripted:SoftTimeout", "00:00:00.100"), ("Quiver:Providers:scripted:Attempts", "1"));

        // On a busy machine the check of the model can be what times out; it is made once for the collection.
        await Patience.UntilAsync(async () => (await silo.IngestAsync(silo.Write(1, "first"))).Status.State == JobState.Completed, "a first job is completed");
        silo.Provider.Charged.Clear();
        var answer = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        silo.Provider.Script = async (request, gone) =>
        {
            await answer.Task.WaitAsync(gone);
            return ProviderReply.Ok(request);
        };

        var failed = await silo.IngestAsync(silo.Write(5));
        answer.SetResult();
        var counters = failed.Status.Counters;
        await Patience.UntilAsync(
            () => (counters = silo.Client().GetJobAsync(failed.Status.Id, Token).GetAwaiter().GetResult().Counters).EmbeddingCalls > 0, "the late answer is counted");

        Assert.Equal((JobState.Failed, 0L), (failed.Status.State, failed.Status.Counters.EmbeddingCalls));
        AssertCharged(silo, counters);
    }

    [Fact]
    public async Task Answer_ThatCannotBeUsed_IsCounted()
    {
        await using var silo = await StartAsync(("Quiver:Jobs:MaxAttempts", "1"), ("Quiver:Providers:scripted:Attempts", "1"));
        silo.Provider.Answers(request => ProviderReply.Ok(request, items => items.Select(item => (0, item.Embedding))));

        var report = await silo.IngestAsync(silo.Write(5));

        Assert.Equal((JobState.Failed, ErrorCodes.InvalidEmbedding), (report.Status.State, report.Status.ErrorCode));
        Assert.Equal(1, report.Status.Counters.EmbeddingCalls);
        AssertCharged(silo, report.Status.Counters);
    }

    private static Task<ProviderSilo> StartAsync(params (string Name, string Value)[] settings) =>
        ProviderSilo.StartAsync([("Quiver:Providers:scripted:PricePerMillionTokens", "2.5"), ("Quiver:Jobs:MaxFailureRatio", "1"), .. settings]);

    /// <summary>Each text has five words, which the service counts as tokens.</summary>
    private static void AssertCharged(ProviderSilo silo, JobCounters counters)
    {
        var texts = silo.Provider.Charged.Sum(request => request.Texts.Length);
        Assert.True(
            (silo.Provider.Charged.Count, texts, 5 * texts, 5 * texts * Price / 1_000_000) == (counters.EmbeddingCalls, counters.EmbeddedTexts, counters.EmbeddedTokens, counters.Cost),
            $"{silo.Provider.Charged.Count} answers with {texts} texts are charged for and {counters.EmbeddingCalls} with {counters.EmbeddedTexts} counted. {Seed.Text}");
    }

    private static ProviderReply Fault(ProviderRequest request, Random random)
    {
        lock (random)
        {
            return random.Next(14) switch
            {
                0 => ProviderReply.Throttled(TimeSpan.FromMilliseconds(random.Next(5))),
                1 => ProviderReply.Error(500),
                2 => ProviderReply.Error(401),
                3 => ProviderReply.Ok(request, items => items.Skip(1)),
                4 when request.Texts.Length > 1 => ProviderReply.Ok(request, items => items.Select(item => (0, item.Embedding))),
                5 => ProviderReply.Ok(request, items => items.Select((item, i) => i == 0 ? (item.Index, ProviderReply.Vector(new float[8], request.WantsBase64)) : item)),
                6 when request.Texts.Length > 1 => ProviderReply.Error(413),
                _ => ProviderReply.Ok(request),
            };
        }
    }
}
