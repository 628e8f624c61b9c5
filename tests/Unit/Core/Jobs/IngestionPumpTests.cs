using Quiver.Core.Jobs;
using Quiver.Core.Sources;
using Quiver.Tests.Support;

namespace Quiver.Tests.Unit.Core.Jobs;

public sealed class IngestionPumpTests
{
    [Fact]
    public async Task Pump_EmptySource_EndsWithoutCheckpoint()
    {
        using var rig = new PumpRig { Source = new ScriptedSource(0), Host = new ScriptedHost() };

        var end = await rig.RunAsync().OrFailAsync("the pump");

        Assert.Equal(PumpEnd.SourceEnded, end);
        Assert.Empty(rig.Host.Checkpoints);
    }

    [Fact]
    public async Task Pump_Source_IsProcessedOnceAndCheckpointedAtItsEnd()
    {
        using var rig = new PumpRig { Source = new ScriptedSource(7), Host = new ScriptedHost((batch, _, _) => Task.FromResult(ScriptedHost.Result(batch))) };

        var end = await rig.RunAsync().OrFailAsync("the pump");

        Assert.Equal(PumpEnd.SourceEnded, end);
        Assert.Equal([0, 1, 2, 3, 4, 5, 6], rig.Host.Processed.Order());
        Assert.Equal(new SourceCursor(7, "p7"), rig.Host.Checkpoints[^1].Cursor);
        Assert.Equal(7, rig.Host.Checkpoints[^1].Counters.Documents);
    }

    [Fact]
    public async Task Pump_Cursor_IsWhereItGoesOn()
    {
        using var rig = new PumpRig
        {
            Source = new ScriptedSource(7),
            Host = new ScriptedHost((batch, _, _) => Task.FromResult(ScriptedHost.Result(batch))),
            From = new SourceCursor(5, "p5"),
        };

        await rig.RunAsync().OrFailAsync("the pump");

        Assert.Equal([5, 6], rig.Host.Processed.Order());
    }

    [Fact]
    public async Task Pump_SlowWorkers_NeverExceedsTheBatchesInFlight()
    {
        using var rig = new PumpRig { Source = new ScriptedSource(20), Host = new ScriptedHost() };
        var run = rig.RunAsync();

        for (var i = 0; i < 20; i++)
        {
            var call = await rig.Host.NextCallAsync();
            call.Succeed();
        }

        await run.OrFailAsync("the pump");
        Assert.InRange(rig.Host.MostInFlight, 1, 2);
    }

    [Fact]
    public async Task Pump_SlowFirstBatch_StartsNoMoreThanTheWindow()
    {
        using var rig = new PumpRig { Source = new ScriptedSource(20), Host = new ScriptedHost() };
        var run = rig.RunAsync();

        var first = await rig.Host.NextCallAsync();
        for (var i = 1; i < rig.Settings.MaxWindow; i++)
        {
            (await rig.Host.NextCallAsync()).Succeed();
        }

        // The window is full with the first batch alone in flight: nothing starts, and nothing is committed before it.
        await Patience.UntilAsync(() => rig.Host.InFlight == 1, "only the first batch is in flight");
        var next = rig.Host.NextCallAsync();
        Assert.False(next.IsCompleted);
        Assert.Empty(rig.Host.Checkpoints);

        first.Succeed();
        (await next.OrFailAsync("the window to move")).Succeed();
        for (var i = rig.Settings.MaxWindow + 1; i < 20; i++)
        {
            (await rig.Host.NextCallAsync()).Succeed();
        }

        await run.OrFailAsync("the pump");
        Assert.Equal(20, rig.Host.Checkpoints[^1].Counters.Documents);
    }

    [Fact]
    public async Task Pump_CompletionsOutOfOrder_CommitsOnlyThePrefix()
    {
        using var rig = new PumpRig { Source = new ScriptedSource(2), Host = new ScriptedHost() };
        var run = rig.RunAsync();
        var first = await rig.Host.NextCallAsync();
        var second = await rig.Host.NextCallAsync();

        second.Succeed();
        rig.Time.Advance(TimeSpan.FromSeconds(5));
        Assert.Empty(rig.Host.Checkpoints);
        first.Succeed();

        await run.OrFailAsync("the pump");
        Assert.All(rig.Host.Checkpoints, checkpoint => Assert.Equal(checkpoint.Cursor.NextOrdinal, checkpoint.Counters.Documents));
        Assert.Equal(2, rig.Host.Checkpoints[^1].Cursor.NextOrdinal);
    }

    [Fact]
    public async Task Pump_ManyCommitsWithinAnInterval_CheckpointsOnceAndAtTheEnd()
    {
        using var rig = new PumpRig { Source = new ScriptedSource(50), Host = new ScriptedHost((batch, _, _) => Task.FromResult(ScriptedHost.Result(batch))) };

        await rig.RunAsync().OrFailAsync("the pump");

        Assert.Single(rig.Host.Checkpoints);
    }

    [Fact]
    public async Task Pump_CommitThenSilence_IsCheckpointedWhenTheIntervalIsOver()
    {
        using var rig = new PumpRig { Source = new ScriptedSource(2), Host = new ScriptedHost() };
        var run = rig.RunAsync();
        var first = await rig.Host.NextCallAsync();
        var second = await rig.Host.NextCallAsync();

        first.Succeed();
        await Patience.UntilAsync(() => rig.Time.PendingTimers > 0, "the pump waits for the next checkpoint");
        Assert.Empty(rig.Host.Checkpoints);
        rig.Time.Advance(TimeSpan.FromSeconds(1));

        var (cursor, counters) = await rig.Host.NextCheckpointAsync();
        Assert.Equal((1, 1), (cursor.NextOrdinal, counters.Documents));
        second.Succeed();
        await run.OrFailAsync("the pump");
    }

    [Fact]
    public async Task Pump_BatchesWithADocumentInCommon_RunOneAfterTheOther()
    {
        var records = new[] { DocumentSamples.Record(0, "same", "old"), DocumentSamples.Record(1, "same", "new"), DocumentSamples.Record(2) };
        using var rig = new PumpRig { Source = new ScriptedSource(records), Host = new ScriptedHost() };
        var run = rig.RunAsync();

        var first = await rig.Host.NextCallAsync();
        var next = rig.Host.NextCallAsync();
        await Patience.UntilAsync(() => rig.Source.Read == 3, "the source is read");
        Assert.False(next.IsCompleted);
        first.Succeed();

        var second = await next.OrFailAsync("the second batch");
        Assert.Equal("new", second.Batch.Documents[0].Text);
        second.Succeed();
        (await rig.Host.NextCallAsync()).Succeed();
        await run.OrFailAsync("the pump");
        Assert.Equal([0, 1], rig.Host.Processed.Where(ordinal => ordinal < 2));
    }

    [Fact]
    public async Task Pump_LargeDocument_TakesSeveralCallsAndCountsThemAll()
    {
        using var rig = new PumpRig { Source = new ScriptedSource(1), Host = new ScriptedHost() };
        var run = rig.RunAsync();

        (await rig.Host.NextCallAsync()).Succeed(new JobCounters { Chunks = 3 }, nextChunk: 3);
        var second = await rig.Host.NextCallAsync();
        Assert.Equal(3, second.From?.Number);
        second.Fail(new TransientException("flaky", "Flaky."));
        await Patience.UntilAsync(() => rig.Time.PendingTimers > 0, "the batch waits");
        rig.Time.Advance(TimeSpan.FromSeconds(10));
        var again = await rig.Host.NextCallAsync();
        Assert.Equal(3, again.From?.Number);
        again.Succeed(new JobCounters { Documents = 1, Chunks = 2 }, nextChunk: null);

        await run.OrFailAsync("the pump");
        var counters = Assert.Single(rig.Host.Checkpoints).Counters;
        Assert.Equal((1, 5), (counters.Documents, counters.Chunks));
    }
}
