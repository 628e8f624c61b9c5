using Quiver.Core.Jobs;
using Quiver.Core.Sources;
using Quiver.Tests.Support;

namespace Quiver.Tests.Unit.Core.Jobs;

/// <summary>A source that fails for a while: the job waits and reads on, and neither loses nor repeats a record.</summary>
public sealed class IngestionPumpSourceFaultTests
{
    private static readonly TimeSpan Long = TimeSpan.FromSeconds(30);
    private static readonly TransientException Cut = new("cut", "The connection was cut.");

    [Fact]
    public async Task Source_TransientFault_IsReadOnFromTheLastRecord()
    {
        var source = new ScriptedSource(5) { Fault = (3, Cut) };
        using var rig = new PumpRig { Source = source, Host = Answering() };
        var run = rig.RunAsync();

        Assert.Equal("cut", await rig.Host.NextStallAsync());
        source.Fault = null;
        rig.Time.Advance(Long);

        Assert.Equal(PumpEnd.SourceEnded, await run.OrFailAsync("the pump"));
        Assert.Equal([0, 1, 2, 3, 4], rig.Host.Processed.Order());
        Assert.Equal(5, source.Read);
        Assert.Equal(new SourceCursor(5, "p5"), rig.Host.Checkpoints[^1].Cursor);
    }

    [Fact]
    public async Task Source_TransientFault_WhatWasReadDoesNotWait()
    {
        var source = new ScriptedSource(5) { Fault = (3, Cut) };
        using var rig = new PumpRig
        {
            Source = source,
            Host = new ScriptedHost(),
            Settings = new(MaxInFlight: 2, BatchDocuments: 10, BatchCharacters: 1000, MaxAttempts: 3, TimeSpan.FromSeconds(1)),
        };
        var run = rig.RunAsync();

        var read = await rig.Host.NextCallAsync();
        Assert.Equal(3, read.Batch.Documents.Length);
        await rig.Host.NextStallAsync();
        read.Succeed();
        source.Fault = null;
        rig.Time.Advance(Long);
        (await rig.Host.NextCallAsync()).Succeed();

        Assert.Equal(PumpEnd.SourceEnded, await run.OrFailAsync("the pump"));
    }

    [Fact]
    public async Task Source_TransientFaultsUpToTheLimit_CommitWhatWasReadAndFailTheJob()
    {
        var source = new ScriptedSource(5) { Fault = (3, Cut) };
        using var rig = new PumpRig { Source = source, Host = Answering() };
        var run = rig.RunAsync();

        await ElapseUntilAsync(rig, run);

        var error = await Assert.ThrowsAsync<TransientException>(() => run.OrFailAsync("the pump"));
        Assert.Equal("cut", error.Code);
        Assert.Equal(3, rig.Host.Checkpoints[^1].Cursor.NextOrdinal);
        Assert.Equal(rig.Settings.MaxAttempts, source.Begun);
        Assert.NotEmpty(rig.Host.Stalls);
    }

    [Fact]
    public async Task Source_FaultsWithProgressBetween_NeverUseTheAttemptsUp()
    {
        const int Count = 12;
        var source = new ScriptedSource(Count);
        for (var ordinal = 0; ordinal < Count; ordinal++)
        {
            source.PassingFaults.Enqueue((ordinal, Cut));
            source.PassingFaults.Enqueue((ordinal, Cut));
        }

        using var rig = new PumpRig { Source = source, Host = Answering() };
        var run = rig.RunAsync();

        await ElapseUntilAsync(rig, run);

        Assert.Equal(PumpEnd.SourceEnded, await run.OrFailAsync("the pump"));
        Assert.Equal(Enumerable.Range(0, Count).Select(i => (long)i), rig.Host.Processed.Order());
    }

    [Fact]
    public async Task Source_Throttled_WaitsAsAskedAndUsesNoAttempt()
    {
        var source = new ScriptedSource(1) { Fault = (0, new ThrottledException("slow", "Slow down.") { RetryAfter = TimeSpan.FromSeconds(7) }) };
        using var rig = new PumpRig { Source = source, Host = Answering() };
        var run = rig.RunAsync();

        for (var i = 0; i < 5 * rig.Settings.MaxAttempts; i++)
        {
            await rig.Host.NextStallAsync();
            await Patience.UntilAsync(() => rig.Time.PendingTimers > 0, "the reader waits");
            rig.Time.Advance(TimeSpan.FromSeconds(6.9));
            Assert.Equal(1, rig.Time.PendingTimers);
            rig.Time.Advance(TimeSpan.FromSeconds(0.1));
        }

        await rig.Host.NextStallAsync();
        source.Fault = null;
        rig.Time.Advance(Long);
        Assert.Equal(PumpEnd.SourceEnded, await run.OrFailAsync("the pump"));
    }

    [Fact]
    public async Task Source_DrainedWhileItIsWaitedFor_StopsAtOnce()
    {
        using var rig = new PumpRig { Source = new ScriptedSource(5) { Fault = (3, Cut) }, Host = Answering() };
        var run = rig.RunAsync();
        await rig.Host.NextStallAsync();

        await rig.Stop.DrainAsync();

        Assert.Equal(PumpEnd.Stopped, await run.OrFailAsync("the pump"));
        Assert.Equal(3, rig.Host.Checkpoints[^1].Cursor.NextOrdinal);
    }

    private static Task ElapseUntilAsync(PumpRig rig, Task run) => Patience.UntilAsync(
        () =>
        {
            if (!run.IsCompleted && rig.Time.PendingTimers > 0)
            {
                rig.Time.Advance(Long);
            }

            return run.IsCompleted;
        },
        "the pump has ended");

    private static ScriptedHost Answering() => new((batch, _, _) => Task.FromResult(ScriptedHost.Result(batch)));
}
