using Quiver.Pipeline.Jobs;
using Quiver.Tests.Support;
using Quiver.Tests.Unit.Pipeline.Batches;

namespace Quiver.Tests.Unit.Pipeline.Jobs;

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

    private async Task<JobCounters> SweepAsync(long generation)
    {
        var sweep = new MirrorSweep(_rig.Ledger, _rig.Store);
        return await sweep.StepAsync(_rig.Binding, [DocumentSamples.Origin], generation, TestContext.Current.CancellationToken);
    }
}
