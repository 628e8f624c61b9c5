using Quiver.Core.Embedding;
using Quiver.Core.Embedding.Providers;
using Quiver.Tests.Support;
using Quiver.Tests.Support.Providers;

namespace Quiver.Tests.Integration.Embeddings.OpenAI;

/// <summary>The decorators together, over real HTTP.</summary>
public sealed class ProviderStackTests
{
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(100);

    [Fact]
    public async Task Refusal_OnePoisonTextInAThousand_FailsAlone()
    {
        var texts = Enumerable.Range(0, 1000).Select(i => $"text {i}").ToArray();
        await using var rig = await ProviderRig.StartAsync();
        rig.Service.Answers(request => request.Texts.Contains("text 617") ? ProviderReply.Error(400, "this text is poison") : ProviderReply.Ok(request));

        var answer = await rig.EmbedAsync(texts);

        var guilty = Assert.Single(answer, embedding => EmbeddingRefusal.Find(embedding) is not null);
        Assert.Equal(617, answer.IndexOf(guilty));
        Assert.Contains("this text is poison", EmbeddingRefusal.Find(guilty)!.Message, StringComparison.Ordinal);
        Assert.Equal(999, rig.Service.Embedded.Distinct().Count());
        Assert.Equal(999, rig.Service.Embedded.Count);
        Assert.True(rig.Service.Requests.Count <= 4 + (2 * 8), $"{rig.Service.Requests.Count} requests");
    }

    [Fact]
    public async Task Text_AboveTheModelsLimit_IsRefusedHereAndNeverSent()
    {
        await using var rig = await ProviderRig.StartAsync(options => (options.MaxTokensPerInput, options.ChunkTokens) = (32, 32));

        var answer = await rig.EmbedAsync(["short", new string('1', 40)]);

        Assert.Equal(ErrorCodes.DocumentTooLarge, EmbeddingRefusal.Find(answer[1])!.Code);
        Assert.Equal(["short"], Assert.Single(rig.Service.Requests).Texts);
    }

    [Theory]
    [InlineData(5, 0)]
    [InlineData(400, 1)]
    public async Task Provider_ThatCountsMoreTokensThanQuiver_IsNamedOnceInTheLog(int counted, int warnings)
    {
        await using var rig = await ProviderRig.StartAsync();
        rig.Service.Answers(request => ProviderReply.Ok(request).Counting(counted));

        await rig.EmbedAsync(["one"]);
        await rig.EmbedAsync(["two"]);

        Assert.Equal(warnings, rig.Log.Lines.Count(static line => line.Message.Contains("Quiver:Providers:scripted:Tokenizer", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Failure_OfOneRequest_KeepsWhatTheOthersBrought()
    {
        string[] texts = ["a", "b", "c", "d"];
        await using var rig = await ProviderRig.StartAsync(options => options.MaxInputs = 1);
        rig.Service.Answers(request => request.Texts[0] == "c" ? ProviderReply.Error(500) : ProviderReply.Ok(request));
        await Assert.ThrowsAsync<TransientException>(() => rig.EmbedAsync(texts));
        rig.Service.Answers(ProviderReply.Ok);
        rig.Service.Requests.Clear();

        ProviderRig.AssertRight(texts, await rig.EmbedAsync(texts));

        Assert.Equal(["c"], Assert.Single(rig.Service.Requests).Texts);
    }

    [Fact]
    public async Task PassingFault_IsTriedAgainAFewTimes()
    {
        await using var rig = await ProviderRig.StartAsync(options => options.Attempts = 3);
        rig.Service.Answers(request => request.Number < 2 ? ProviderReply.Error(500) : ProviderReply.Ok(request));

        ProviderRig.AssertRight(["a"], await rig.EmbedAsync(["a"]));

        Assert.Equal(3, rig.Service.Requests.Count);
    }

    [Fact]
    public async Task Throttling_HoldsAllRequestsUntilTheTimeAskedFor()
    {
        var time = new ManualTimeProvider();
        await using var rig = await ProviderRig.StartAsync(time: time);
        rig.Service.Answers(request => request.Number == 0 ? ProviderReply.Throttled(TimeSpan.FromSeconds(30)) : ProviderReply.Ok(request));
        var first = await Assert.ThrowsAsync<ThrottledException>(() => rig.EmbedAsync(["a"]));
        time.Advance(TimeSpan.FromSeconds(20));

        var second = await Assert.ThrowsAsync<ThrottledException>(() => rig.EmbedAsync(["b"]));
        time.Advance(TimeSpan.FromSeconds(10));
        ProviderRig.AssertRight(["b"], await rig.EmbedAsync(["b"]));

        Assert.InRange(first.RetryAfter!.Value.TotalSeconds, 30, 31);
        Assert.InRange(second.RetryAfter!.Value.TotalSeconds, 10, 11);
        Assert.Equal(2, rig.Service.Requests.Count);
    }

    [Fact]
    public async Task Quota_ThatIsUsedUp_IsShownUntilItIsTriedAgain()
    {
        var time = new ManualTimeProvider();
        await using var rig = await ProviderRig.StartAsync(time: time);
        rig.Service.Answers(static _ => ProviderReply.Error(429, "Your daily limit of requests is reached."));

        var refused = await Assert.ThrowsAsync<ThrottledException>(() => rig.EmbedAsync(["a"]));
        var shown = rig.Provider.Describe(isDefault: true).Fault;
        time.Advance(TimeSpan.FromHours(1));
        var later = rig.Provider.Describe(isDefault: true).Fault;
        await Assert.ThrowsAsync<ThrottledException>(() => rig.EmbedAsync(["a"]));
        rig.Service.Answers(ProviderReply.Ok);
        await rig.EmbedAsync(["a"]);

        Assert.Equal((ErrorCodes.ProviderQuotaSpent, TimeSpan.FromHours(1)), (refused.Code, refused.RetryAfter));
        Assert.Contains("Quiver tries again at 2026-01-01 01:00:00 UTC", shown, StringComparison.Ordinal);
        Assert.Null(later);
        Assert.Null(rig.Provider.Describe(isDefault: true).Fault);
    }

    [Fact]
    public async Task Circuit_OpensAfterFailuresInARow_LetsOneTrialThrough_AndCloses()
    {
        var time = new ManualTimeProvider();
        await using var rig = await ProviderRig.StartAsync(options => (options.FailuresToOpen, options.BreakDuration) = (3, TimeSpan.FromSeconds(10)), time);
        rig.Service.Answers(_ => ProviderReply.Error(500, "down"));
        await Assert.ThrowsAsync<TransientException>(() => rig.EmbedAsync(["a"]));
        await Assert.ThrowsAsync<TransientException>(() => rig.EmbedAsync(["a"]));
        var opening = await Assert.ThrowsAsync<ThrottledException>(() => rig.EmbedAsync(["a"]));
        var turnedAway = await Assert.ThrowsAsync<ThrottledException>(() => rig.EmbedAsync(["a"]));

        Assert.Equal((ErrorCodes.ProviderCircuitOpen, ErrorCodes.ProviderCircuitOpen), (opening.Code, turnedAway.Code));
        Assert.InRange(turnedAway.RetryAfter!.Value.TotalSeconds, 10, 11);
        Assert.Contains("down", rig.Provider.Describe(isDefault: true).Fault, StringComparison.Ordinal);

        // The last one is a control request: the circuit opens only when the provider does not answer another text either.
        Assert.Equal(["a", "a", "a", ControlRequest.Text], rig.Service.Requests.Select(request => Assert.Single(request.Texts)));

        time.Advance(TimeSpan.FromSeconds(10));
        var trial = await Assert.ThrowsAsync<ThrottledException>(() => rig.EmbedAsync(["a"]));
        Assert.InRange(trial.RetryAfter!.Value.TotalSeconds, 20, 21);
        Assert.Equal(["a", ControlRequest.Text], rig.Service.Requests.Skip(4).Select(request => Assert.Single(request.Texts)));

        time.Advance(TimeSpan.FromSeconds(20));
        rig.Service.Answers(ProviderReply.Ok);
        ProviderRig.AssertRight(["a"], await rig.EmbedAsync(["a"]));
        Assert.Null(rig.Provider.Describe(isDefault: true).Fault);
    }

    [Theory]
    [InlineData(200)]
    [InlineData(401)]
    [InlineData(422)]
    [InlineData(429)]
    public async Task Circuit_ProviderThatAnswersAnotherText_StaysClosed(int status)
    {
        await using var rig = await ProviderRig.StartAsync(options => options.FailuresToOpen = 2);
        rig.Service.Answers(request => request.Texts[0] == "a" ? ProviderReply.Error(500, "NaN") : status == 200 ? ProviderReply.Ok(request) : ProviderReply.Error(status));
        await Assert.ThrowsAsync<TransientException>(() => rig.EmbedAsync(["a"]));

        await Assert.ThrowsAsync<TransientException>(() => rig.EmbedAsync(["a"]));

        Assert.Null(rig.Provider.Describe(isDefault: true).Fault);
        Assert.Equal(["a", "a", ControlRequest.Text], rig.Service.Requests.Select(request => Assert.Single(request.Texts)));
    }

    [Fact]
    public async Task Throttling_AlsoStopsRequestsThatWaitedWhenItBegan()
    {
        var time = new ManualTimeProvider();
        await using var rig = await ProviderRig.StartAsync(options => (options.MaxInputs, options.MaxConcurrency) = (1, 1), time);
        rig.Service.Answers(request => request.Number == 0 ? ProviderReply.Throttled(TimeSpan.FromSeconds(37)) : ProviderReply.Ok(request));

        // All but the first wait for the one connection.
        var error = await Assert.ThrowsAsync<ThrottledException>(() => rig.EmbedAsync(["a", "b", "c", "d"]));
        time.Advance(TimeSpan.FromSeconds(36));
        await Assert.ThrowsAsync<ThrottledException>(() => rig.EmbedAsync(["e"]));

        Assert.InRange(error.RetryAfter!.Value.TotalSeconds, 37, 38);
        Assert.Single(rig.Service.Requests);
        time.Advance(TimeSpan.FromSeconds(1));
        ProviderRig.AssertRight(["b"], await rig.EmbedAsync(["b"]));
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(1)]
    public async Task ClockSetByAnHour_LeavesHoldsAndTheCircuitAsTheyAre(int hours)
    {
        var time = new ManualTimeProvider();
        await using var rig = await ProviderRig.StartAsync(
            options => (options.Attempts, options.FailuresToOpen, options.BreakDuration) = (1, 1, TimeSpan.FromSeconds(10)), time);
        rig.Service.Answers(_ => ProviderReply.Error(503));
        await Assert.ThrowsAsync<ThrottledException>(() => rig.EmbedAsync(["a"]));
        time.ClockError = TimeSpan.FromHours(hours);

        time.Advance(TimeSpan.FromSeconds(9));
        rig.Service.Answers(ProviderReply.Ok);
        var open = await Assert.ThrowsAsync<ThrottledException>(() => rig.EmbedAsync(["a"]));
        time.Advance(TimeSpan.FromSeconds(1));
        ProviderRig.AssertRight(["a"], await rig.EmbedAsync(["a"]));

        rig.Service.Answers(_ => ProviderReply.Throttled(TimeSpan.FromSeconds(37)));
        await Assert.ThrowsAsync<ThrottledException>(() => rig.EmbedAsync(["b"]));
        time.ClockError = TimeSpan.Zero;
        rig.Service.Answers(ProviderReply.Ok);
        time.Advance(TimeSpan.FromSeconds(36));
        var held = await Assert.ThrowsAsync<ThrottledException>(() => rig.EmbedAsync(["b"]));
        time.Advance(TimeSpan.FromSeconds(1));
        ProviderRig.AssertRight(["b"], await rig.EmbedAsync(["b"]));

        Assert.Equal((ErrorCodes.ProviderCircuitOpen, ErrorCodes.ProviderThrottled), (open.Code, held.Code));
        Assert.InRange(open.RetryAfter!.Value.TotalSeconds, 1, 2);
        Assert.InRange(held.RetryAfter!.Value.TotalSeconds, 1, 2);
    }

    [Fact]
    public async Task Refusals_NeverOpenTheCircuit()
    {
        await using var rig = await ProviderRig.StartAsync(options => options.FailuresToOpen = 1);
        rig.Service.Answers(_ => ProviderReply.Error(422));

        await rig.EmbedAsync(Enumerable.Range(0, 10).Select(i => $"{i}"));

        Assert.Null(rig.Provider.Describe(isDefault: true).Fault);
    }

    [Fact]
    public async Task SlowFirstByte_BeyondTheSoftTimeout_IsNotSentAgainAndNotLost()
    {
        var time = new ManualTimeProvider();
        var answer = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var rig = await ProviderRig.StartAsync(options => (options.SoftTimeout, options.HardTimeout) = (TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(1)), time);
        rig.Service.Script = async (request, gone) =>
        {
            await answer.Task.WaitAsync(gone);
            return ProviderReply.Ok(request);
        };
        var first = rig.EmbedAsync(["slow"]);
        await Patience.UntilAsync(() => rig.Service.InFlight == 1, "the request has arrived");
        time.Advance(TimeSpan.FromSeconds(1));
        var error = await Assert.ThrowsAsync<TransientException>(() => first);

        var second = rig.EmbedAsync(["slow"]);
        answer.SetResult();

        Assert.Equal(ErrorCodes.Timeout, error.Code);
        ProviderRig.AssertRight(["slow"], await second);
        Assert.Single(rig.Service.Requests);
    }

    [Fact]
    public async Task SlowDocument_OfTheSameTextAsAQuery_IsNotItsAnswer()
    {
        var time = new ManualTimeProvider();
        await using var rig = await ProviderRig.StartAsync(options => (options.Preset, options.ApiKey, options.SoftTimeout) = ("voyage", "sk", TimeSpan.FromSeconds(1)), time);
        rig.Service.Script = async (request, gone) =>
        {
            if (request.Body.Contains("\"document\"", StringComparison.Ordinal))
            {
                await new TaskCompletionSource().Task.WaitAsync(gone);
            }

            return ProviderReply.Ok(request);
        };
        var document = rig.EmbedAsync(["slow"]);
        await Patience.UntilAsync(() => rig.Service.InFlight == 1, "the request has arrived");
        time.Advance(TimeSpan.FromSeconds(1));
        await Assert.ThrowsAsync<TransientException>(() => document);

        ProviderRig.AssertRight(["slow"], await rig.AskAsync("slow"));

        Assert.Equal(2, rig.Service.Requests.Count);
    }

    [Fact]
    public async Task SilentService_IsCutAfterTheHardTimeout()
    {
        var time = new ManualTimeProvider();
        await using var rig = await ProviderRig.StartAsync(options => options.SoftTimeout = options.HardTimeout = TimeSpan.FromSeconds(5), time);
        var gone = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        rig.Service.Script = async (_, cut) =>
        {
            await using var registration = cut.Register(() => gone.TrySetResult());
            await gone.Task;
            return ProviderReply.Error(500);
        };
        var call = rig.EmbedAsync(["silent"]);
        await Patience.UntilAsync(() => rig.Service.InFlight == 1, "the request has arrived");

        for (var waited = TimeSpan.Zero; waited <= TimeSpan.FromSeconds(5); waited += Step)
        {
            time.Advance(Step);
        }

        var error = await Assert.ThrowsAsync<TransientException>(() => call);
        Assert.Equal(ErrorCodes.Timeout, error.Code);
        await gone.Task.WaitAsync(TimeSpan.FromMinutes(1), TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task Call_GivenUp_IsNoFailureOfTheProvider()
    {
        await using var rig = await ProviderRig.StartAsync(options => options.FailuresToOpen = 1);
        using var gone = new CancellationTokenSource();
        rig.Service.Script = async (request, cut) =>
        {
            await gone.CancelAsync();
            await new TaskCompletionSource().Task.WaitAsync(cut);
            return ProviderReply.Ok(request);
        };

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => rig.Generator.GenerateAsync(["a"], cancellationToken: gone.Token));

        Assert.Null(rig.Provider.Describe(isDefault: true).Fault);
    }

    [Fact]
    public async Task Concurrency_NeverExceedsItsBound()
    {
        await using var rig = await ProviderRig.StartAsync(options => (options.MaxInputs, options.MaxConcurrency) = (1, 3));
        rig.Service.Script = async (request, gone) =>
        {
            await Patience.UntilAsync(() => rig.Service.MaxInFlight == 3, "three requests are in flight");
            return ProviderReply.Ok(request);
        };
        var texts = Enumerable.Range(0, 30).Select(i => $"{i}").ToArray();

        ProviderRig.AssertRight(texts, await rig.EmbedAsync(texts));

        Assert.Equal(3, rig.Service.MaxInFlight);
        Assert.Equal(30, rig.Service.Requests.Count);
    }
}
