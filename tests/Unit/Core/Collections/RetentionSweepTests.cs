using Quiver.Core.Collections;
using Quiver.Tests.Support;
using Quiver.Tests.Unit.Core.Documents;

namespace Quiver.Tests.Unit.Core.Collections;

public sealed class RetentionSweepTests
{
    private static readonly TimeSpan Retain = TimeSpan.FromHours(1);

    private static readonly TimeSpan Ample = TimeSpan.FromSeconds(1);

    private readonly BatchRig _rig = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Sweep_OfOldAndNewDocuments_ForgetsTheOldOnesWhole()
    {
        await _rig.ProcessAsync(DocumentSamples.Item(0, "old", "1\n2\n3"), DocumentSamples.Item(1, "old too"));
        _rig.Time.Advance(Retain);
        await _rig.ProcessAsync(DocumentSamples.Item(2, "new", "1\n2"));
        _rig.Time.Advance(TimeSpan.FromSeconds(1));

        var (documents, points) = await SweepAsync();

        Assert.Equal((2, 4), (documents, points));
        Assert.Equal(["new#0=1", "new#1=2"], _rig.Points());
        Assert.Null(await _rig.RowAsync("old"));
        Assert.NotNull((await _rig.RowAsync("new"))!.ContentHash);
    }

    [Fact]
    public async Task Sweep_OfADocumentStoredAgainMeanwhile_LeavesIt()
    {
        await _rig.ProcessAsync(DocumentSamples.Item(0, "a", "1\n2"));
        _rig.Time.Advance(Retain);
        await _rig.ProcessAsync(_rig.Request([DocumentSamples.Item(0, "a", "1\n3")], generation: 2));
        _rig.Time.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal((0, 0), await SweepAsync());
        Assert.Equal(["a#0=1", "a#1=3"], _rig.Points());
        Assert.NotNull((await _rig.RowAsync("a"))!.ContentHash);
    }

    [Fact]
    public async Task Sweep_BesideAJobThatStoresTheSame_LosesNothingOfTheJobs()
    {
        // The job comes at every step that the sweep makes, one after the other.
        for (var at = 0; at < 8; at++)
        {
            var rig = new BatchRig();
            await rig.ProcessAsync(DocumentSamples.Item(0, "a", "1\n2"), DocumentSamples.Item(1, "b"));
            rig.Time.Advance(Retain + TimeSpan.FromSeconds(1));
            var left = at;
            rig.Faults.OnStep = async _ =>
            {
                if (left-- == 0)
                {
                    rig.Faults.OnStep = null;
                    await rig.ProcessAsync(rig.Request([DocumentSamples.Item(0, "a", "1\n3")], generation: 2));
                }
            };

            await SweepAsync(rig);
            rig.Faults.OnStep = null;
            await rig.ProcessAsync(rig.Request([DocumentSamples.Item(0, "a", "1\n3")], generation: 3));

            Assert.Equal(["a#0=1", "a#1=3"], rig.Points());
            Assert.Equal(2, (await rig.RowAsync("a"))!.ChunkCount);
            Assert.NotNull((await rig.RowAsync("a"))!.ContentHash);
        }
    }

    [Fact]
    public async Task Sweep_StoppedAnywhere_IsFinishedByTheNext()
    {
        var crashes = 0;
        for (var steps = 0; steps < 8; steps++)
        {
            var rig = new BatchRig();
            await rig.ProcessAsync(DocumentSamples.Item(0, "a", "1\n2"), DocumentSamples.Item(1, "b"));
            rig.Time.Advance(Retain + TimeSpan.FromSeconds(1));
            rig.Faults.CrashAfter(steps);
            try
            {
                await SweepAsync(rig);
            }
            catch (CrashException)
            {
                crashes++;
            }

            await SweepAsync(rig);

            Assert.Empty(rig.Points());
            Assert.Equal((null, null), (await rig.RowAsync("a"), await rig.RowAsync("b")));
        }

        Assert.InRange(crashes, 4, 8);
    }

    [Fact]
    public async Task Sweep_OfOtherCollections_LeavesThem()
    {
        var theirs = new BatchRig { Scope = CollectionKey.Parse("other/docs") };
        await theirs.ProcessAsync(DocumentSamples.Item(0, "a"));
        theirs.Time.Advance(Retain * 2);

        var sweep = new RetentionSweep(theirs.Ledger, theirs.Store, theirs.Time);
        await sweep.StepAsync(_rig.Binding, theirs.Time.GetUtcNow() - Retain, null, Ample, Token);

        Assert.Single(theirs.Points());
    }

    [Fact]
    public async Task Sweep_OfManyPoints_GoesPageByPage()
    {
        foreach (var batch in Enumerable.Range(0, 150).Chunk(50))
        {
            await _rig.ProcessAsync([.. batch.Select(i => DocumentSamples.Item(i, $"d{i}"))]);
        }

        _rig.Time.Advance(Retain * 2);
        var sweep = new RetentionSweep(_rig.Ledger, _rig.Store, _rig.Time);

        var first = await sweep.StepAsync(_rig.Binding, _rig.Time.GetUtcNow() - Retain, null, Ample, Token);
        var second = await sweep.StepAsync(_rig.Binding, _rig.Time.GetUtcNow() - Retain, first.Next, Ample, Token);

        Assert.Equal((100, 100), (first.Documents, first.Points));
        Assert.True(first.HasMore);
        Assert.NotNull(first.Next);
        Assert.Equal(new RetentionStep(50, 50, HasMore: false, Next: null), second);
    }

    [Fact]
    public async Task Sweep_WhoseStoreIsSlow_EndsItsStepsInTime_AndDeletesAllTheSame()
    {
        await _rig.ProcessAsync(DocumentSamples.Item(0, "large", string.Join('\n', Enumerable.Range(0, 2500))), DocumentSamples.Item(1, "small"));
        _rig.Time.Advance(Retain * 2);
        var before = _rig.Time.GetUtcNow() - Retain;
        var deletions = 0;
        _rig.Faults.OnStep = step =>
        {
            if (step == "before delete indexed before")
            {
                deletions++;
                _rig.Time.Advance(Ample);
            }

            return Task.CompletedTask;
        };
        var sweep = new RetentionSweep(_rig.Ledger, _rig.Store, _rig.Time);
        RetentionStep step = default;
        var steps = 0;
        do
        {
            deletions = 0;
            step = await sweep.StepAsync(_rig.Binding, before, step.Next, Ample, Token);
            Assert.InRange(deletions, 0, 2);
            steps++;
        }
        while (step.HasMore);

        Assert.InRange(steps, 3, 100);
        Assert.Empty(_rig.Points());
        Assert.Null(await _rig.RowAsync("large"));
        Assert.Null(await _rig.RowAsync("small"));
    }

    private Task<(long Documents, long Points)> SweepAsync() => SweepAsync(_rig);

    private static async Task<(long Documents, long Points)> SweepAsync(BatchRig rig)
    {
        var sweep = new RetentionSweep(rig.Ledger, rig.Store, rig.Time);
        var (documents, points) = (0L, 0L);
        RetentionStep step = default;
        do
        {
            step = await sweep.StepAsync(rig.Binding, rig.Time.GetUtcNow() - Retain, step.Next, Ample, Token);
            (documents, points) = (documents + step.Documents, points + step.Points);
        }
        while (step.HasMore);
        return (documents, points);
    }
}
