using Quiver.Core.Consistency;
using Quiver.Tests.Support;
using Quiver.Tests.Unit.Core.Documents;

namespace Quiver.Tests.Unit.Core.Consistency;

public sealed class MirrorSweepTests
{
    private readonly BatchRig _rig = new();

    [Fact]
    public async Task Sweep_DocumentsThatTheSourceLost_AreDeletedWithTheirPoints()
    {
        await _rig.ProcessAsync(DocumentSamples.Item(0, "gone", "1\n2\n3"), DocumentSamples.Item(1, "kept", "1\n2"));
        await _rig.ProcessAsync(_rig.Request([DocumentSamples.Item(0, "kept", "1\n2")], SyncMode.Mirror, generation: 2));

        var deleted = await SweepAsync(2);

        Assert.Equal((1, 3), (deleted.Deleted, deleted.PointsDeleted));
        Assert.Equal(["kept#0=1", "kept#1=2"], _rig.Points());
        Assert.Null(await _rig.RowAsync("gone"));
    }

    [Fact]
    public async Task Sweep_OtherOrigins_AreLeftAlone()
    {
        await _rig.ProcessAsync(DocumentSamples.Item(0, "theirs", origin: "origin-b"));

        Assert.Equal(JobCounters.Zero, await SweepAsync(2));
        Assert.Equal(["theirs#0=text"], _rig.Points());
    }

    [Fact]
    public async Task Sweep_FaultyRecordOfAKnownDocument_KeepsIt()
    {
        await _rig.ProcessAsync(DocumentSamples.Item(0, "a"));
        await _rig.ProcessAsync(_rig.Request([DocumentSamples.Fault(0, "a", ErrorCodes.UnreadableFile)], SyncMode.Mirror, generation: 2));

        Assert.Equal(0, (await SweepAsync(2)).Deleted);
        Assert.Equal(["a#0=text"], _rig.Points());
    }

    [Fact]
    public async Task Sweep_TakenOverDocument_IsNotDeletedForItsFormerSource()
    {
        await _rig.ProcessAsync(DocumentSamples.Item(0, "a"));
        await _rig.ProcessAsync(_rig.Request([DocumentSamples.Item(0, "a", origin: "origin-b") with { HasExplicitId = true }], generation: 2));

        Assert.Equal(0, (await SweepAsync(3)).Deleted);
        Assert.Equal(["a#0=text"], _rig.Points());
    }

    [Fact]
    public async Task Sweep_ManyDocuments_GoesInBoundedSteps()
    {
        foreach (var batch in Enumerable.Range(0, 250).Chunk(50))
        {
            await _rig.ProcessAsync([.. batch.Select(i => DocumentSamples.Item(i, $"d{i:000}"))]);
        }

        var sweep = new MirrorSweep(_rig.Ledger, _rig.Store);
        List<long> steps = [];
        JobCounters step;
        do
        {
            step = await sweep.StepAsync(_rig.Binding, [DocumentSamples.Origin], 2, TestContext.Current.CancellationToken);
            steps.Add(step.Deleted);
        }
        while (step.Deleted > 0);

        Assert.Equal([100, 100, 50, 0], steps);
        Assert.Empty(_rig.Points());
    }

    [Theory]
    [InlineData("before claim stale")]
    [InlineData("after claim stale")]
    [InlineData("before delete older")]
    [InlineData("after delete older")]
    [InlineData("before forget stale")]
    public async Task Sweep_DocumentThatANewerJobStoresMeanwhile_KeepsItWithItsPoints(string step)
    {
        await _rig.ProcessAsync(DocumentSamples.Item(0, "back", "1\n2\n3"));
        At(step, () => _rig.ProcessAsync(_rig.Request([DocumentSamples.Item(0, "back", "4\n5")], generation: 3)));

        var swept = await SweepAsync(2);

        Assert.Equal(0, swept.Deleted);
        Assert.Equal(["back#0=4", "back#1=5"], _rig.Points());
        var row = await _rig.RowAsync("back");
        Assert.Equal((2, 3L), (row!.ChunkCount, row.Generation));
        Assert.NotNull(row.ContentHash);
    }

    [Theory]
    [InlineData("before claim stale")]
    [InlineData("after claim stale")]
    [InlineData("after delete older")]
    public async Task Sweep_DocumentThatANewerJobFoundUnchanged_NeverPassesForStoredWithoutItsPoints(string step)
    {
        await _rig.ProcessAsync(DocumentSamples.Item(0, "back", "1\n2"));
        At(step, () => _rig.Ledger.TouchAsync(_rig.Scope, ["back"], 3, TestContext.Current.CancellationToken));

        await SweepAsync(2);
        Assert.True((await _rig.RowAsync("back"))!.ContentHash is null || _rig.Points().Count == 2);

        await _rig.ProcessAsync(_rig.Request([DocumentSamples.Item(0, "back", "1\n2")], generation: 4));
        Assert.Equal(["back#0=1", "back#1=2"], _rig.Points());
    }

    [Fact]
    public async Task Sweep_AllOfAStepTakenMeanwhile_GoesOnWithTheNext()
    {
        await _rig.ProcessAsync(DocumentSamples.Item(0, "back"), DocumentSamples.Item(1, "gone", origin: "origin-b"));
        At("after claim stale", () => _rig.Ledger.TouchAsync(_rig.Scope, ["back"], 3, TestContext.Current.CancellationToken));

        var sweep = new MirrorSweep(_rig.Ledger, _rig.Store);
        var swept = await sweep.StepAsync(_rig.Binding, [DocumentSamples.Origin, "origin-b"], 2, TestContext.Current.CancellationToken);

        Assert.Equal(1, swept.Deleted);
        Assert.Null(await _rig.RowAsync("gone"));
    }

    [Theory]
    [InlineData("after claim stale", true)]
    [InlineData("after delete older", true)]
    [InlineData("before forget stale", true)]
    [InlineData("after claim stale", false)]
    [InlineData("after delete older", false)]
    [InlineData("before forget stale", false)]
    public async Task Sweep_StoppedAnywhere_LeavesNoPointWithoutItsDocument(string step, bool again)
    {
        await _rig.ProcessAsync(DocumentSamples.Item(0, "gone", "1\n2\n3"));
        At(step, () => throw new CrashException(step));
        await Assert.ThrowsAsync<CrashException>(() => SweepAsync(2));

        var row = await _rig.RowAsync("gone");
        Assert.Null(row!.ContentHash);
        Assert.Equal(3, row.ChunkCount);
        if (again)
        {
            Assert.Equal(1, (await SweepAsync(2)).Deleted);
            Assert.Empty(_rig.Points());
            Assert.Null(await _rig.RowAsync("gone"));
        }
        else
        {
            await _rig.ProcessAsync(_rig.Request([DocumentSamples.Item(0, "gone", "1\n2\n3")], generation: 3));
            Assert.Equal(3, _rig.Points().Count);
        }
    }

    private void At(string step, Func<Task> action) => _rig.Faults.OnStep = async now =>
    {
        if (now == step)
        {
            _rig.Faults.OnStep = null;
            await action();
        }
    };

    private async Task<JobCounters> SweepAsync(long generation)
    {
        var sweep = new MirrorSweep(_rig.Ledger, _rig.Store);
        return await sweep.StepAsync(_rig.Binding, [DocumentSamples.Origin], generation, TestContext.Current.CancellationToken);
    }
}
