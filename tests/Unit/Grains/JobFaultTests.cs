using Quiver.Tests.Support;

namespace Quiver.Tests.Unit.Grains;

/// <summary>Passing faults around the pump: they stall a job, and fail it only when they do not pass.</summary>
public sealed class JobFaultTests
{
    private static readonly TransientException Down = new("source_down", "The source is down.");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Job_SourceThatOpensAfterAWhile_Completes()
    {
        await using var rig = await GrainRig.StartAsync();
        var calls = 0;
        rig.Factory.Fault = () => ++calls is > 1 and < 5 ? Down : null;

        await rig.Job("j1").SubmitAsync(JobSamples.Spec(), Token);

        var status = await rig.UntilAsync("j1", JobState.Completed);
        Assert.Equal((3, 5), (status.Counters.Stored, calls));

        // Reported once, not again with each attempt right after it.
        Assert.Equal(1, await StallsAsync(rig, "source_down"));
    }

    [Fact]
    public async Task Job_NobodyAnswersForAWhile_SaysSoAndGoesOn()
    {
        await using var rig = await GrainRig.StartAsync(options => (options.StallAfter, options.BatchDocuments) = (TimeSpan.FromMilliseconds(20), 1));
        var gate = new TaskCompletionSource();
        rig.Factory.Sources["/data"] = new ScriptedSource(6) { Wait = (3, gate.Task) };
        await rig.Job("j1").SubmitAsync(JobSamples.Spec(), Token);
        JobStatus status;
        do
        {
            status = await rig.Job("j1").GetStatusAsync(Token);
        }
        while (status is { State: JobState.Running, StalledBecause: null });

        Assert.Contains("No batch got an answer", status.StalledBecause, StringComparison.Ordinal);
        gate.SetResult();
        await rig.UntilAsync("j1", JobState.Completed);
        Assert.NotEqual(0, await StallsAsync(rig, "no_progress"));
    }

    [Fact]
    public async Task Job_SourceThatNeverOpens_FailsAndIsRetried()
    {
        await using var rig = await GrainRig.StartAsync(options => options.MaxAttempts = 3);
        var calls = 0;
        rig.Factory.Fault = () => ++calls > 1 ? Down : null;
        await rig.Job("j1").SubmitAsync(JobSamples.Spec(), Token);

        var failed = await rig.UntilAsync("j1", JobState.Failed);

        Assert.Equal(("source_down", 4), (failed.ErrorCode, calls));
        rig.Factory.Fault = null;
        await rig.Job("j1").RetryAsync(Token);
        await rig.UntilAsync("j1", JobState.Completed);
    }

    [Fact]
    public async Task Job_StoreThatFailsAfterEmbedding_CountsEveryTimeThatTextsWereEmbedded()
    {
        await using var rig = await GrainRig.StartAsync(options => options.MaxAttempts = 2);
        var writes = 0;
        rig.Faults.OnStep = step => step == "before upsert" && ++writes < 4 ? throw new TransientException("store_down", "The store is down.") : Task.CompletedTask;
        await rig.Job("j1").SubmitAsync(JobSamples.Spec(), Token);

        var failed = await rig.UntilAsync("j1", JobState.Failed);
        await rig.Job("j1").RetryAsync(Token);
        var done = await rig.UntilAsync("j1", JobState.Completed);

        Assert.Equal((0L, 6L, 2L), (failed.Counters.Documents, failed.Counters.EmbeddedTexts, failed.Counters.EmbeddingCalls));
        Assert.Equal((3L, 12L, 4L), (done.Counters.Documents, done.Counters.EmbeddedTexts, done.Counters.EmbeddingCalls));
        Assert.Equal(rig.Model.Texts, done.Counters.EmbeddedTexts);
    }

    [Fact]
    public async Task Job_SourceGoneWhenItIsSubmitted_IsRefusedAndLeavesNoTrace()
    {
        await using var rig = await GrainRig.StartAsync();
        rig.Factory.Fault = () => Down;

        await Assert.ThrowsAsync<TransientException>(() => rig.Job("j1").SubmitAsync(JobSamples.Spec(), Token));

        await Assert.ThrowsAsync<NotFoundException>(() => rig.Job("j1").GetStatusAsync(Token));
    }

    [Fact]
    public async Task Job_SourceCutInTheMiddle_GoesOnBehindTheLastRecord()
    {
        // As many attempts as a slow test may take to bring the source back.
        await using var rig = await GrainRig.StartAsync(options => (options.BatchDocuments, options.MaxAttempts) = (2, int.MaxValue));
        var source = new ScriptedSource(9) { Fault = (5, Down) };
        rig.Factory.Sources["/data"] = source;
        await rig.Job("j1").SubmitAsync(JobSamples.Spec(), Token);
        await Patience.UntilAsync(() => source.Read == 5, "the source is cut");

        source.Fault = null;

        var status = await rig.UntilAsync("j1", JobState.Completed);
        Assert.Equal((9, 9), (status.Counters.Stored, source.Read));
    }

    [Theory]
    [InlineData("before ensure")]
    [InlineData("before save collection")]
    [InlineData("before claim stale")]
    [InlineData("before delete older")]
    [InlineData("before forget stale")]
    public async Task Job_StoreGoneForAWhileAroundThePump_Completes(string step)
    {
        await using var rig = await GrainRig.StartAsync();
        var left = 3;
        rig.Faults.OnStep = name => name == step && left-- > 0 ? throw Down : Task.CompletedTask;
        await rig.Job("j1").SubmitAsync(JobSamples.Spec() with { Sync = SyncMode.Mirror }, Token);
        await rig.UntilAsync("j1", JobState.Completed);
        rig.Factory.Sources["/data"] = new ScriptedSource(1);

        await rig.Job("j2").SubmitAsync(JobSamples.Spec() with { Sync = SyncMode.Mirror }, Token);

        var status = await rig.UntilAsync("j2", JobState.Completed);
        Assert.True(left < 0, $"'{step}' was not passed often enough.");
        Assert.Equal(2, status.Counters.Deleted);
    }

    [Fact]
    public async Task Job_RetriedAfterDocumentsWereMended_ListsOnlyWhatStillFails()
    {
        await using var rig = await GrainRig.StartAsync(options => options.MaxFailureRatio = 0);
        rig.Factory.Sources["/data"] = Faulty(1, 3, 4);
        await rig.Job("j1").SubmitAsync(JobSamples.Spec(), Token);
        await rig.UntilAsync("j1", JobState.Failed);
        Assert.Equal([1, 3, 4], await FailuresAsync(rig));
        rig.Factory.Sources["/data"] = Faulty(3);

        await rig.Job("j1").RetryAsync(Token);
        await Patience.UntilAsync(() => rig.Find("j1") is { State: JobState.Failed, Counters.Failed: 1 }, "the second attempt has failed");

        Assert.Equal([3], await FailuresAsync(rig));
        rig.Factory.Sources["/data"] = Faulty();
        await rig.Job("j1").RetryAsync(Token);
        await rig.UntilAsync("j1", JobState.Completed);
        Assert.Empty(await FailuresAsync(rig));
    }

    private static ScriptedSource Faulty(params long[] ordinals) => new([.. Enumerable.Range(0, 5).Select(i => ordinals.Contains(i)
        ? DocumentSamples.Record(i) with { Item = DocumentSamples.Fault(i, $"d{i}", ErrorCodes.EmptyDocument) }
        : DocumentSamples.Record(i))]);

    private static async Task<IEnumerable<long>> FailuresAsync(GrainRig rig) =>
        (await rig.Ledger.ListFailuresAsync(JobKey.Parse("acme/j1"), null, 1000, Token)).Items.Select(failure => failure.Ordinal);

    private static async Task<int> StallsAsync(GrainRig rig, string code) =>
        (await rig.Ledger.ReadEventsAsync(JobKey.Parse("acme/j1"), 0, 1000, Token)).Count(entry => entry.Kind == JobEventKind.Stalled && entry.Code == code);
}
