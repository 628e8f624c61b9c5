using Quiver.Tests.Support;
using Quiver.Tests.Support.Providers;

namespace Quiver.Tests.Integration.Embeddings.OpenAI;

/// <summary>Whole jobs over a provider that misbehaves.</summary>
public sealed class ProviderJobTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Job_ThroughAllFaultsAtRandom_EndsWithThePointsOfAnUndisturbedRun()
    {
        const int documents = 300;
        var random = Seed.For(nameof(Job_ThroughAllFaultsAtRandom_EndsWithThePointsOfAnUndisturbedRun));
        await using var calm = await ProviderSilo.StartAsync();
        await calm.IngestAsync(calm.Write(documents));
        await using var stormy = await ProviderSilo.StartAsync(("Quiver:Jobs:MaxAttempts", "50"), ("Quiver:Providers:scripted:MaxInputs", "4"));
        stormy.Provider.Answers(request => Fault(request, random));

        var report = await stormy.IngestAsync(stormy.Write(documents));

        Assert.True(report.Status.State == JobState.Completed, $"{report.Status.State}: {report.Status.ErrorMessage} {Seed.Text}");
        Assert.Equal(documents, report.Status.Counters.Stored);
        ExportedPoints.AssertSame(await calm.ExportAsync(), await stormy.ExportAsync(), Seed.Text);
    }

    [Fact]
    public async Task Job_OnePoisonDocumentInAThousand_FailsAlone()
    {
        await using var silo = await ProviderSilo.StartAsync();
        silo.Provider.Answers(request => request.Texts.Any(text => text.Contains("number 617 ", StringComparison.Ordinal)) ? ProviderReply.Error(400, "poison") : ProviderReply.Ok(request));

        var report = await silo.IngestAsync(silo.Write(1000));

        Assert.Equal((JobState.CompletedWithWarnings, 999L, 1L), (report.Status.State, report.Status.Counters.Stored, report.Status.Counters.Failed));
        var failure = Assert.Single((await silo.Client().ListFailuresAsync(report.Status.Id, cancellationToken: Token)).Items);
        Assert.Equal(("617", ErrorCodes.RefusedText), (failure.DocumentId, failure.Code));
        Assert.Contains("poison", failure.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Job_KeyRevokedOnItsWay_FailsSayingSo_AndGoesOnWithAnother()
    {
        await using var silo = await ProviderSilo.StartAsync(("Quiver:Providers:scripted:ApiKey", "sk-first"), ("Quiver:Jobs:BatchDocuments", "1"));
        silo.Provider.Key = "sk-first";
        silo.Provider.Answers(request =>
        {
            silo.Provider.Key = request.Number == 20 ? "sk-other" : silo.Provider.Key;
            return ProviderReply.Ok(request);
        });

        var failed = await silo.IngestAsync(silo.Write(100));
        silo.Provider.Key = null;
        var last = (await silo.Client().RetryJobAsync(failed.Status.Id, Token)).LastEventSequence;
        var done = await silo.EndAsync(failed.Status.Id, after: last);

        Assert.Equal((JobState.Failed, ErrorCodes.ProviderDenied), (failed.Status.State, failed.Status.ErrorCode));
        Assert.Contains("Quiver:Providers:scripted:ApiKey", failed.Status.ErrorMessage, StringComparison.Ordinal);
        Assert.DoesNotContain("sk-first", failed.Status.ErrorMessage, StringComparison.Ordinal);
        Assert.Equal((JobState.Completed, 100L), (done.Status.State, done.Status.Counters.Stored));
        Assert.Equal(100, silo.Provider.Embedded.Distinct().Count());
    }

    [Fact]
    public async Task Job_OpenCircuit_WaitsVisiblyWithoutConsumingAttempts_AndResumes()
    {
        await using var silo = await ProviderSilo.StartAsync(("Quiver:Jobs:MaxAttempts", "1"), ("Quiver:Providers:scripted:FailuresToOpen", "1"));
        var down = true;
        silo.Provider.Answers(request => Volatile.Read(ref down) ? ProviderReply.Error(503, "maintenance") : ProviderReply.Ok(request));
        var job = await silo.SubmitAsync(silo.Write(200));
        JobStatus? status = null;
        await Patience.UntilAsync(() => silo.Provider.Requests.Count >= 3, "some trials were made");
        do
        {
            // The provider counts the trials before the job gets their results.
            status = await silo.Client().GetJobAsync(job.Id, Token);
        }
        while (status is { State: JobState.Running, StalledBecause: null });
        Volatile.Write(ref down, false);

        var done = await silo.EndAsync(job.Id);

        Assert.Equal(JobState.Running, status.State);
        Assert.Contains("gets no requests until", status.StalledBecause, StringComparison.Ordinal);
        Assert.Contains("maintenance", status.StalledBecause, StringComparison.Ordinal);
        Assert.Equal((JobState.Completed, 200L), (done.Status.State, done.Status.Counters.Stored));
        List<JobEvent> events = [];
        await foreach (var change in silo.Client().WatchJobAsync(job.Id, 0, Token))
        {
            events.Add(change);
        }

        Assert.Contains(events, change => change is { Kind: JobEventKind.Stalled, Code: ErrorCodes.ProviderCircuitOpen });
    }

    [Fact]
    public async Task Job_OutageBeyondItsLimit_FailsAndSaysWhatToDo()
    {
        await using var silo = await ProviderSilo.StartAsync(("Quiver:Jobs:OutageLimit", "00:00:01"), ("Quiver:Providers:scripted:FailuresToOpen", "1"));
        silo.Provider.Answers(_ => ProviderReply.Error(500));

        var report = await silo.IngestAsync(silo.Write(10));

        Assert.Equal((JobState.Failed, ErrorCodes.ProviderUnavailable), (report.Status.State, report.Status.ErrorCode));
        Assert.Contains("retry the job", report.Status.ErrorMessage, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Job_ThrottledBeyondTheLimitOfAnOutage_FailsAndGoesOnWhenItIsRetried()
    {
        await using var silo = await ProviderSilo.StartAsync(("Quiver:Jobs:OutageLimit", "00:00:01"));
        silo.Provider.Answers(_ => ProviderReply.Throttled(TimeSpan.FromMilliseconds(20)));

        var failed = await silo.IngestAsync(silo.Write(10));
        silo.Provider.Answers(ProviderReply.Ok);
        var last = (await silo.Client().RetryJobAsync(failed.Status.Id, Token)).LastEventSequence;
        var done = await silo.EndAsync(failed.Status.Id, after: last);

        Assert.Equal((JobState.Failed, ErrorCodes.ProviderThrottled), (failed.Status.State, failed.Status.ErrorCode));
        Assert.Contains("Quiver:Jobs:OutageLimit", failed.Status.ErrorMessage, StringComparison.Ordinal);
        Assert.Equal((JobState.Completed, 10L), (done.Status.State, done.Status.Counters.Stored));
    }

    [Fact]
    public async Task Job_StormOfThrottling_ConsumesNoAttempt()
    {
        await using var silo = await ProviderSilo.StartAsync(("Quiver:Jobs:MaxAttempts", "1"));
        silo.Provider.Answers(request => request.Number % 3 == 2 ? ProviderReply.Ok(request) : ProviderReply.Throttled(TimeSpan.FromMilliseconds(5)));

        var report = await silo.IngestAsync(silo.Write(100));

        Assert.Equal((JobState.Completed, 100L), (report.Status.State, report.Status.Counters.Stored));
    }

    [Fact]
    public async Task Metering_CountsCallsTokensHitsAndCost_PerJobAndPerTenant_AndTheDryRunEstimates()
    {
        await using var silo = await ProviderSilo.StartAsync(("Quiver:Providers:scripted:PricePerMillionTokens", "2.5"));
        var path = silo.Write(40);

        var dry = await silo.IngestAsync(path, dryRun: true);
        var first = (await silo.IngestAsync(path)).Status.Counters;
        var second = (await silo.IngestAsync(path, tenant: "other")).Status.Counters;
        var (usage, others) = (await silo.Client().GetUsageAsync(Token), await silo.Client("other").GetUsageAsync(Token));

        // Each text has five words, which the service counts as tokens.
        Assert.Equal((200L, 0.0005m, 40L, 0L), (first.EmbeddedTokens, first.Cost, first.EmbeddedTexts, first.CacheHits));
        Assert.Equal(silo.Provider.Requests.Count, first.EmbeddingCalls);
        Assert.Equal((0L, 0m, 40L), (second.EmbeddedTokens, second.Cost, second.CacheHits));
        Assert.Equal(dry.Status.Counters.Tokens * 2.5m / 1_000_000, dry.Status.Counters.Cost);
        Assert.InRange(dry.Status.Counters.Cost, first.Cost, 3 * first.Cost);
        Assert.Equal((1L, 200L, 0.0005m), (usage.Jobs, usage.EmbeddedTokens, usage.Cost));
        Assert.Equal((1L, 0L, 40L), (others.Jobs, others.EmbeddedTokens, others.CacheHits));
    }

    [Fact]
    public async Task Job_HasAsManyBatchesAtTheServiceAsItMayHaveInFlight()
    {
        await using var silo = await ProviderSilo.StartAsync(("Quiver:Jobs:BatchDocuments", "1"));
        silo.Provider.Script = async (request, _) =>
        {
            await Patience.UntilAsync(() => silo.Provider.MaxInFlight == 5, "five requests are in flight");
            return ProviderReply.Ok(request);
        };

        var report = await silo.EndAsync((await silo.SubmitAsync(silo.Write(60), maxInFlight: 5)).Id);

        Assert.Equal((JobState.Completed, 5), (report.Status.State, silo.Provider.MaxInFlight));
    }

    [Fact]
    public async Task Collection_FilledWithTheLocalModel_KeepsIt()
    {
        await using var silo = await ProviderSilo.StartAsync(("Quiver:Embedding:DefaultProvider", "local"));
        await silo.IngestAsync(silo.Write(3));

        var info = await silo.Client().GetCollectionAsync(ProviderSilo.Docs, Token);

        Assert.Equal(384, info.Dimensions);
        Assert.Empty(silo.Provider.Requests);
    }

    [Fact]
    public async Task TwoTenants_OnOneBudget_KeepToItTogether_AndTheSmallerOneIsNotServedLast()
    {
        const int perSecond = 100;
        await using var silo = await ProviderSilo.StartAsync(
            ("Quiver:Providers:scripted:RequestsPerMinute", $"{60 * perSecond}"), ("Quiver:Providers:scripted:MaxInputs", "1"), ("Quiver:Jobs:MaxInFlight", "16"));
        var started = TimeProvider.System.GetTimestamp();
        var heavy = await silo.SubmitAsync(silo.Write(160, "much"), "heavy");
        var bothAsk = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        silo.Provider.Script = async (request, gone) =>
        {
            if (request.Texts[0].StartsWith("little", StringComparison.Ordinal))
            {
                bothAsk.TrySetResult();
            }

            await bothAsk.Task.WaitAsync(gone);
            return ProviderReply.Ok(request);
        };
        await Patience.UntilAsync(() => !silo.Provider.Requests.IsEmpty, "the first job is running");
        var light = await silo.SubmitAsync(silo.Write(20, "little"), "light");

        var (one, other) = (await silo.EndAsync(heavy.Id, "heavy"), await silo.EndAsync(light.Id, "light"));

        var took = TimeProvider.System.GetElapsedTime(started);
        var requests = silo.Provider.Requests.ToList();
        Assert.Equal((JobState.Completed, JobState.Completed), (one.Status.State, other.Status.State));
        Assert.True(took.TotalSeconds >= (requests.Count - 1) / (double)perSecond, $"{requests.Count} requests within {took}");
        Assert.StartsWith("much", requests[^1].Texts[0], StringComparison.Ordinal);
    }

    private static ProviderReply Fault(ProviderRequest request, Random random)
    {
        lock (random)
        {
            return random.Next(24) switch
            {
                0 => ProviderReply.Throttled(TimeSpan.FromMilliseconds(random.Next(20))),
                1 => ProviderReply.Error(500),
                2 => ProviderReply.Error(503) with { Headers = ImmutableDictionary<string, string>.Empty.Add("retry-after-ms", "3") },
                3 => ProviderReply.Ok(request) with { CutAfter = random.Next(60) },
                4 => ProviderReply.Ok(request, items => items.Skip(1)),
                5 => ProviderReply.Ok(request, items => items.Select(item => (0, item.Embedding))),
                6 => new ProviderReply { Body = "<html>" },
                7 => ProviderReply.Error(429),
                8 when request.Texts.Length > 1 => ProviderReply.Ok(
                    request, items => items.Select((item, i) => i == 0 ? (item.Index, ProviderReply.Vector(new float[8], request.WantsBase64)) : item)),
                9 when request.Texts.Length > 1 => ProviderReply.Error(413),
                < 16 => ProviderReply.Ok(request, items => items.Reverse()),
                _ => ProviderReply.Ok(request),
            };
        }
    }
}
