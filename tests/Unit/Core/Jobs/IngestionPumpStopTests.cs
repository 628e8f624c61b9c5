using Quiver.Core.Jobs;
using Quiver.GrainInterfaces.Workers;
using Quiver.Tests.Support;

namespace Quiver.Tests.Unit.Core.Jobs;

public sealed class IngestionPumpStopTests
{
    [Fact]
    public async Task Pump_Drained_StartsNothingMoreAndCommitsWhatIsInFlight()
    {
        using var rig = new PumpRig { Source = new ScriptedSource(20), Host = new ScriptedHost() };
        var run = rig.RunAsync();
        var first = await rig.Host.NextCallAsync();
        var second = await rig.Host.NextCallAsync();

        await rig.Stop.DrainAsync();
        second.Succeed();
        first.Succeed();

        Assert.Equal(PumpEnd.Stopped, await run.OrFailAsync("the pump"));
        Assert.Equal([0, 1], rig.Host.Processed.Order());
        var (cursor, counters) = rig.Host.Checkpoints[^1];
        Assert.Equal((2, 2), (cursor.NextOrdinal, counters.Documents));
    }

    [Fact]
    public async Task Pump_DrainedInALargeDocument_GivesItUpAfterTheCallUnderWay()
    {
        using var rig = new PumpRig { Source = new ScriptedSource(1), Host = new ScriptedHost() };
        var run = rig.RunAsync();
        var first = await rig.Host.NextCallAsync();

        await rig.Stop.DrainAsync();
        first.Succeed(new JobCounters { Chunks = 3 }, nextChunk: 3);

        Assert.Equal(PumpEnd.Stopped, await run.OrFailAsync("the pump"));
        Assert.Empty(rig.Host.Checkpoints);
    }

    [Fact]
    public async Task Pump_DrainedBetweenTheDocumentsOfABatch_FinishesTheBatch()
    {
        using var rig = new PumpRig
        {
            Source = new ScriptedSource(2),
            Host = new ScriptedHost(),
            Settings = new(MaxInFlight: 1, BatchDocuments: 2, BatchCharacters: 1000, MaxAttempts: 3, TimeSpan.FromSeconds(1)),
        };
        var run = rig.RunAsync();
        var first = await rig.Host.NextCallAsync();

        await rig.Stop.DrainAsync();
        first.SucceedUpTo(1);
        var second = await rig.Host.NextCallAsync();
        second.Succeed();

        await run.OrFailAsync("the pump");
        Assert.Equal(1, second.FirstOrdinal);
        Assert.Equal(2, rig.Host.Checkpoints[^1].Cursor.NextOrdinal);
    }

    [Fact]
    public async Task Pump_DrainedInBackoff_GivesTheBatchUpAtOnce()
    {
        using var rig = new PumpRig { Source = new ScriptedSource(2), Host = new ScriptedHost() };
        var run = rig.RunAsync();
        var first = await rig.Host.NextCallAsync();
        var second = await rig.Host.NextCallAsync();
        first.Fail(new TransientException("flaky", "Flaky."));
        await rig.Host.NextStallAsync();

        await rig.Stop.DrainAsync();
        second.Succeed();

        Assert.Equal(PumpEnd.Stopped, await run.OrFailAsync("the pump"));
        Assert.Empty(rig.Host.Checkpoints);
    }

    [Fact]
    public async Task Pump_Aborted_StopsCallsAndKeepsThePrefix()
    {
        using var rig = new PumpRig { Source = new ScriptedSource(20), Host = new ScriptedHost() };
        var run = rig.RunAsync();
        var first = await rig.Host.NextCallAsync();
        await rig.Host.NextCallAsync();
        first.Succeed();
        await rig.Host.NextCallAsync();

        await rig.Stop.AbortAsync();

        Assert.Equal(PumpEnd.Stopped, await run.OrFailAsync("the pump"));
        Assert.Equal(1, rig.Host.Checkpoints[^1].Cursor.NextOrdinal);
    }

    [Fact]
    public async Task Pump_AbortedCallThatFailsInItsOwnWay_IsNoFailureOfTheJob()
    {
        var called = new TaskCompletionSource();
        var host = new ScriptedHost(async (_, _, token) =>
        {
            called.SetResult();
            await Task.Delay(Timeout.InfiniteTimeSpan, token).ContinueWith(_ => { }, TaskScheduler.Default);
            throw new InvalidOperationException("The silo is stopping.");
        });
        using var rig = new PumpRig { Source = new ScriptedSource(1), Host = host };
        var run = rig.RunAsync();
        await called.Task.WaitAsync(TestContext.Current.CancellationToken);

        await rig.Stop.AbortAsync();

        Assert.Equal(PumpEnd.Stopped, await run.OrFailAsync("the pump"));
    }

    [Fact]
    public async Task Pump_DrainedBeforeItStarts_DoesNothing()
    {
        using var rig = new PumpRig { Source = new ScriptedSource(3), Host = new ScriptedHost() };
        await rig.Stop.DrainAsync();

        Assert.Equal(PumpEnd.Stopped, await rig.RunAsync().OrFailAsync("the pump"));
        Assert.Empty(rig.Host.Processed);
    }

    [Fact]
    public async Task Pump_DrainedWhileTheSourceIsSlow_Stops()
    {
        var source = new ScriptedSource(3) { Wait = (1, new TaskCompletionSource().Task) };
        using var rig = new PumpRig { Source = source, Host = new ScriptedHost() };
        var run = rig.RunAsync();
        (await rig.Host.NextCallAsync()).Succeed();
        await Patience.UntilAsync(() => rig.Host.Progressions == 1, "the first batch is committed");

        await rig.Stop.DrainAsync();

        Assert.Equal(PumpEnd.Stopped, await run.OrFailAsync("the pump"));
        Assert.Equal(1, rig.Host.Checkpoints[^1].Cursor.NextOrdinal);
    }

    [Fact]
    public async Task Pump_SourceFails_CommitsWhatWasReadAndThrows()
    {
        var source = new ScriptedSource(5) { Fault = (3, new PermanentException(ErrorCodes.SourceChanged, "The file shrank.")) };
        using var rig = new PumpRig { Source = source, Host = new ScriptedHost((batch, _, _) => Task.FromResult(ScriptedHost.Result(batch))) };

        var error = await Assert.ThrowsAsync<PermanentException>(() => rig.RunAsync().OrFailAsync("the pump"));

        Assert.Equal(ErrorCodes.SourceChanged, error.Code);
        Assert.Equal(3, rig.Host.Checkpoints[^1].Cursor.NextOrdinal);
    }

    [Fact]
    public async Task Pump_SourceFailsInAnUnknownWay_IsAnInternalError()
    {
        var source = new ScriptedSource(5) { Fault = (0, new FormatException("Odd.")) };
        using var rig = new PumpRig { Source = source, Host = new ScriptedHost() };

        var error = await Assert.ThrowsAsync<PermanentException>(() => rig.RunAsync().OrFailAsync("the pump"));

        Assert.Equal(ErrorCodes.Internal, error.Code);
    }

    [Fact]
    public async Task Pump_SourceThatCancelsItself_HasNotEnded()
    {
        var source = new ScriptedSource(5) { Fault = (2, new TaskCanceledException("The request timed out.")) };
        using var rig = new PumpRig
        {
            Source = source,
            Host = new ScriptedHost((batch, _, _) => Task.FromResult(ScriptedHost.Result(batch))),
            Settings = new(MaxInFlight: 2, BatchDocuments: 1, BatchCharacters: 1000, MaxAttempts: 1, TimeSpan.FromSeconds(1)),
        };

        var error = await Assert.ThrowsAsync<TransientException>(() => rig.RunAsync().OrFailAsync("the pump"));

        Assert.Equal(ErrorCodes.Timeout, error.Code);
    }

    [Fact]
    public async Task Pump_CheckpointFails_ThrowsAndStopsWhatIsInFlight()
    {
        using var rig = new PumpRig { Source = new ScriptedSource(3), Host = new ScriptedHost { CheckpointFault = new IOException("Disk full.") } };
        var run = rig.RunAsync();
        var first = await rig.Host.NextCallAsync();
        await rig.Host.NextCallAsync();
        rig.Time.Advance(TimeSpan.FromSeconds(2));

        first.Succeed();

        await Assert.ThrowsAsync<IOException>(() => run.OrFailAsync("the pump"));
        await Patience.UntilAsync(() => rig.Host.InFlight == 0, "the batches in flight are stopped");
    }

    [Fact]
    public async Task Run_TooMuchFails_EndsInTheMiddle_WithWhatIsDoneCheckpointed()
    {
        var host = new ScriptedHost((batch, _, _) => Task.FromResult(new BatchResult { Counters = new() { Documents = batch.Documents.Length, Failed = batch.Documents[0].Ordinal < 1500 ? 1 : batch.Documents.Length } }));
        using var rig = new PumpRig
        {
            Source = new ScriptedSource(10_000),
            Host = host,
            Settings = new(MaxInFlight: 2, BatchDocuments: 100, BatchCharacters: 1_000_000, MaxAttempts: 3, TimeSpan.FromSeconds(1)) { MaxFailureRatio = 0.1 },
        };

        var error = await Assert.ThrowsAsync<PermanentException>(() => rig.RunAsync().OrFailAsync("the pump"));

        Assert.Equal(ErrorCodes.TooManyFailures, error.Code);
        Assert.InRange(host.Processed.Count, 1700, 2500);
        Assert.Equal(host.Processed.Count, host.Checkpoints[^1].Counters.Documents);
    }
}
