using Orleans.Runtime;
using Quiver.Tests.Support;

namespace Quiver.Tests.Unit.Grains;

public sealed class JobGrainTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Job_Submitted_RunsToItsEnd()
    {
        await using var rig = await GrainRig.StartAsync();

        await rig.Job("j1").SubmitAsync(JobSamples.Spec(), Token);
        var status = await rig.UntilAsync("j1", JobState.Completed);

        Assert.Equal((3, 3, 2), (status.Counters.Documents, status.Counters.Stored, status.LastCommittedIndex));
        var events = await rig.Ledger.ReadEventsAsync(JobKey.Parse("acme/j1"), 0, 1000, Token);
        Assert.Equal(Enumerable.Range(1, events.Count).Select(i => (long)i), events.Select(entry => entry.Sequence));
        Assert.Equal(JobState.Completed, events[^1].State);
    }

    [Fact]
    public async Task Job_SubmittedAgainWithTheSameSpec_IsTheSameJob()
    {
        await using var rig = await GrainRig.StartAsync();
        await rig.Job("j1").SubmitAsync(JobSamples.Spec(), Token);

        var again = await rig.Job("j1").SubmitAsync(JobSamples.Spec(), Token);

        Assert.Equal("j1", again.Id.Value);
    }

    [Fact]
    public async Task Job_SubmittedAgainWithAnotherSpec_IsRefused()
    {
        await using var rig = await GrainRig.StartAsync();
        await rig.Job("j1").SubmitAsync(JobSamples.Spec(), Token);

        await Assert.ThrowsAsync<ConflictException>(() => rig.Job("j1").SubmitAsync(JobSamples.Spec() with { Sync = SyncMode.Mirror }, Token));
        await Assert.ThrowsAsync<ConflictException>(() => rig.Job("j1").SubmitAsync(JobSamples.Spec() with { IdempotencyToken = "other" }, Token));
    }

    [Fact]
    public async Task Job_SubmittedAgainWithItsToken_IsTheSameJobOnlyForTheSameSpec()
    {
        await using var rig = await GrainRig.StartAsync();
        var spec = JobSamples.Spec() with { IdempotencyToken = "token" };
        await rig.Job("j1").SubmitAsync(spec, Token);

        var again = await rig.Job("j1").SubmitAsync(spec with { TraceParent = "00-b" }, Token);
        var other = await Assert.ThrowsAsync<InvalidRequestException>(
            () => rig.Job("j1").SubmitAsync(spec with { Source = spec.Source with { Paths = ["/other"] } }, Token));

        Assert.Equal("j1", again.Id.Value);
        Assert.Equal(ErrorCodes.IdempotencyTokenReused, other.Code);
        Assert.Contains("'token'", other.Message, StringComparison.Ordinal);
        Assert.Contains("j1", other.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Job_IntoACollectionOfAnotherModel_IsRefusedAndLeavesNoTrace()
    {
        await using var rig = await GrainRig.StartAsync();
        await rig.Collection().BindAsync("other@1", 9, cancellationToken: Token);

        var refused = await Assert.ThrowsAsync<ConflictException>(() => rig.Job("j1").SubmitAsync(JobSamples.Spec(), Token));

        Assert.Equal(ErrorCodes.DimensionMismatch, refused.Code);
        Assert.Null(rig.Find("j1"));
    }

    [Fact]
    public async Task Job_BadSpec_LeavesNoTrace()
    {
        await using var rig = await GrainRig.StartAsync();

        await Assert.ThrowsAsync<InvalidRequestException>(() => rig.Job("j1").SubmitAsync(JobSamples.Spec() with { MaxInFlight = 0 }, Token));
        await Assert.ThrowsAsync<InvalidRequestException>(() => rig.Job("j1").SubmitAsync(JobSamples.Spec() with { Source = new SourceSpec { Paths = ["/none"] } }, Token));

        await Assert.ThrowsAsync<NotFoundException>(() => rig.Job("j1").GetStatusAsync(Token));
        Assert.Null(rig.Find("j1"));
    }

    [Fact]
    public async Task Job_QueueFull_LeavesNoTrace()
    {
        await using var rig = await GrainRig.StartAsync(options => (options.MaxRunningPerTenant, options.MaxQueuedPerTenant) = (1, 1));
        var gate = new TaskCompletionSource();
        rig.Factory.Sources["/data"] = new ScriptedSource(3) { Wait = (0, gate.Task) };
        await rig.Job("j1").SubmitAsync(JobSamples.Spec(), Token);
        await rig.Job("j2").SubmitAsync(JobSamples.Spec(), Token);

        var error = await Assert.ThrowsAsync<ConflictException>(() => rig.Job("j3").SubmitAsync(JobSamples.Spec(), Token));

        Assert.Equal(ErrorCodes.QueueFull, error.Code);
        await Assert.ThrowsAsync<NotFoundException>(() => rig.Job("j3").GetStatusAsync(Token));
        gate.SetResult();
        await rig.UntilAsync("j2", JobState.Completed);
        Assert.Null(rig.Find("j3"));
    }

    [Fact]
    public async Task Job_RuntimeRefusesACall_IsTriedAgain()
    {
        await using var rig = await GrainRig.StartAsync();
        rig.Model.Faults.Enqueue(new OrleansException("The silo is stopping."));

        await rig.Job("j1").SubmitAsync(JobSamples.Spec(), Token);

        await rig.UntilAsync("j1", JobState.Completed);
    }

    [Fact]
    public async Task Job_PausedAndResumed_GoesOnWhereItStood()
    {
        await using var rig = await GrainRig.StartAsync(options => options.BatchDocuments = 1);
        var gate = new TaskCompletionSource();
        rig.Factory.Sources["/data"] = new ScriptedSource(6) { Wait = (3, gate.Task) };
        await rig.Job("j1").SubmitAsync(JobSamples.Spec(), Token);
        await Patience.UntilAsync(() => rig.Model.Calls == 3, "three documents are embedded");

        await rig.Job("j1").PauseAsync(Token);
        await rig.UntilAsync("j1", JobState.Paused);
        await Patience.UntilAsync(() => rig.Find("j1")!.LastCommittedIndex == 2, "the batches in flight are committed");
        gate.SetResult();
        await rig.Job("j1").ResumeAsync(Token);

        var status = await rig.UntilAsync("j1", JobState.Completed);
        Assert.Equal((6, 6, 6), (status.Counters.Documents, rig.Model.Calls, status.Counters.Stored));
    }

    [Fact]
    public async Task Job_RetriedAfterItsCollectionWasDeleted_StartsFromTheBeginning()
    {
        await using var rig = await GrainRig.StartAsync(options => (options.BatchDocuments, options.MaxInFlight) = (1, 1));
        rig.Factory.Sources["/data"] = new ScriptedSource(6) { Wait = (3, Task.FromException(new PermanentException(ErrorCodes.PathNotFound, "The folder is gone."))) };
        await rig.Job("j1").SubmitAsync(JobSamples.Spec(), Token);
        var failed = await rig.UntilAsync("j1", JobState.Failed);
        Assert.Equal(2, failed.LastCommittedIndex);
        await rig.Collection().DeleteAsync(Token);
        rig.Factory.Sources["/data"] = new ScriptedSource(6);

        await rig.Job("j1").RetryAsync(Token);

        var status = await rig.UntilAsync("j1", JobState.Completed);
        Assert.Equal((6, 6), (status.Counters.Stored, (await rig.Collection().GetInfoAsync(Token)).Documents));
    }

    [Fact]
    public async Task Job_ResumedWhileOthersHaveTheTurns_SaysThatItWaits()
    {
        await using var rig = await GrainRig.StartAsync(options => (options.MaxRunningPerTenant, options.BatchDocuments) = (1, 1));
        var (first, second) = (new TaskCompletionSource(), new TaskCompletionSource());
        rig.Factory.Sources["/data"] = new ScriptedSource(4) { Wait = (1, first.Task) };
        await rig.Job("j1").SubmitAsync(JobSamples.Spec(), Token);
        await rig.Job("j1").PauseAsync(Token);
        await rig.UntilAsync("j1", JobState.Paused);
        rig.Factory.Sources["/data"] = new ScriptedSource(4) { Wait = (1, second.Task) };
        await rig.Job("j2").SubmitAsync(JobSamples.Spec(), Token);
        await rig.UntilAsync("j2", JobState.Running);

        var waiting = await rig.Job("j1").ResumeAsync(Token);

        Assert.Equal((JobState.Running, true), (waiting.State, waiting.Active));
        Assert.Contains("waits", waiting.StalledBecause, StringComparison.Ordinal);
        first.SetResult();
        second.SetResult();
        await rig.UntilAsync("j1", JobState.Completed);
    }

    [Fact]
    public async Task Job_CancelledWhileItsSourceDoesNotStop_IsCancelledAllTheSame()
    {
        await using var rig = await GrainRig.StartAsync(options => (options.DrainTimeout, options.BatchDocuments) = (TimeSpan.FromMilliseconds(100), 1));
        var gate = new TaskCompletionSource();
        rig.Factory.Sources["/data"] = new ScriptedSource(6) { Wait = (3, gate.Task), IsDeaf = true };
        await rig.Job("j1").SubmitAsync(JobSamples.Spec(), Token);
        await Patience.UntilAsync(() => rig.Model.Calls == 3, "the source is waited for");

        var status = await rig.Job("j1").CancelAsync(Token);

        Assert.Equal(JobState.Cancelled, status.State);
        gate.SetResult();
    }

    [Fact]
    public async Task Job_WhileItsCancelWaits_AnswersOtherCalls()
    {
        await using var rig = await GrainRig.StartAsync(options => options.BatchDocuments = 1);
        var gate = new TaskCompletionSource();
        rig.Factory.Sources["/data"] = new ScriptedSource(6) { Wait = (3, gate.Task), IsDeaf = true };
        await rig.Job("j1").SubmitAsync(JobSamples.Spec(), Token);
        await Patience.UntilAsync(() => rig.Model.Calls == 3, "the source is waited for");

        var cancel = rig.Job("j1").CancelAsync(Token);
        await rig.UntilAsync("j1", JobState.Cancelled);
        var status = await rig.Job("j1").GetStatusAsync(Token);

        Assert.Equal((JobState.Cancelled, false), (status.State, cancel.IsCompleted));
        gate.SetResult();
        await cancel;
    }

    [Fact]
    public async Task Job_Cancelled_TellsNothingBehindItsEnd()
    {
        await using var rig = await GrainRig.StartAsync(options => (options.BatchDocuments, options.CheckpointInterval) = (1, TimeSpan.FromMinutes(1)));
        var gate = new TaskCompletionSource();
        rig.Factory.Sources["/data"] = new ScriptedSource(6) { Wait = (3, gate.Task) };
        await rig.Job("j1").SubmitAsync(JobSamples.Spec(), Token);
        await Patience.UntilAsync(() => rig.Model.Calls == 3, "three documents are embedded");

        await rig.Job("j1").CancelAsync(Token);

        await rig.UntilAsync("j1", JobState.Cancelled);
        var events = await rig.Ledger.ReadEventsAsync(JobKey.Parse("acme/j1"), 0, 1000, Token);
        Assert.Equal((JobEventKind.StateChanged, JobState.Cancelled), (events[^1].Kind, events[^1].State));
    }

    [Fact]
    public async Task Job_WhoseStateWasLost_IsListedAndFailsWhenWoken()
    {
        await using var rig = await GrainRig.StartAsync();
        await rig.Job("j1").SubmitAsync(JobSamples.Spec(), Token);
        var done = await rig.UntilAsync("j1", JobState.Completed);
        await rig.Ledger.SaveJobAsync(done with { Id = JobId.Parse("lost"), State = JobState.Running, FinishedAt = null }, Token);

        var listed = await rig.Queries().ListJobsAsync(new JobListRequest(), Token);
        await rig.Job("lost").WakeAsync(Token);

        Assert.Equal(["j1", "lost"], listed.Items.Select(job => job.Id.Value).Order(StringComparer.Ordinal));
        Assert.Equal((JobState.Failed, ErrorCodes.StateLost), (rig.Find("lost")!.State, rig.Find("lost")!.ErrorCode));
        await rig.Collection().DeleteAsync(Token);
    }

    [Fact]
    public async Task Job_LedgerDownAtItsEnd_IsToldWhenWokenAgain()
    {
        await using var rig = await GrainRig.StartAsync();
        var down = true;
        rig.Faults.OnStep = step => down && step == "before save job" ? throw new IOException("The disk is full.") : Task.CompletedTask;
        await rig.Job("j1").SubmitAsync(JobSamples.Spec(), Token);
        JobStatus status;
        do
        {
            status = await rig.Job("j1").GetStatusAsync(Token);
        }
        while (status.State != JobState.Completed);

        Assert.Null(rig.Find("j1"));
        down = false;
        await rig.Job("j1").WakeAsync(Token);

        await rig.UntilAsync("j1", JobState.Completed);
    }
}
