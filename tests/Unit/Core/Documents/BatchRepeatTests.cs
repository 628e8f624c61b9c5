using Quiver.Tests.Support;

namespace Quiver.Tests.Unit.Core.Documents;

/// <summary>Stops in the middle, repeats, and writers that others have overtaken.</summary>
public sealed class BatchRepeatTests
{
    private static readonly string Long = string.Join('\n', Enumerable.Range(0, 40).Select(i => $"line {i}"));

    private readonly BatchRig _rig = new();

    [Fact]
    public async Task LargeDocument_Windows_AreStoredInBoundedCalls()
    {
        var counters = await _rig.ProcessAsync(DocumentSamples.Item(0, "a", Long));

        Assert.Equal(40, _rig.Points().Count);
        Assert.Equal((1, 1, 40, 40, 3), (counters.Documents, counters.Stored, counters.Chunks, counters.PointsWritten, _rig.Model.Calls));
        Assert.Equal(40, (await _rig.RowAsync("a"))!.ChunkCount);
    }

    [Fact]
    public async Task LargeDocument_ExactlyOneWindow_TakesOneCall()
    {
        var text = string.Join('\n', Enumerable.Range(0, 16));

        var result = await _rig.CreateProcessor().ProcessAsync(_rig.Request([DocumentSamples.Item(0, "a", text)]), TestContext.Current.CancellationToken);

        Assert.Equal((null, 1), (result.NextChunk, result.Counters.Stored));
    }

    [Fact]
    public async Task Batch_OfMoreThanOneCall_GoesOnWhereItStopped()
    {
        var items = Enumerable.Range(0, 5).Select(i => DocumentSamples.Item(i, $"d{i}", string.Join('\n', Enumerable.Range(0, 7)))).ToArray();

        var first = await _rig.CreateProcessor().ProcessAsync(_rig.Request(items), TestContext.Current.CancellationToken);
        var rest = await _rig.ProcessAsync(_rig.Request(items[first.NextDocument!.Value..]));

        Assert.Equal((2, null, 2), (first.NextDocument, first.NextChunk, first.Counters.Documents));
        Assert.Equal((3, 35), (rest.Documents, _rig.Points().Count));
    }

    [Fact]
    public async Task Batch_IdThatThisJobStoredBeforeWithOtherContent_IsReported()
    {
        var started = _rig.Time.GetUtcNow();
        await _rig.ProcessAsync(_rig.Request([DocumentSamples.Item(0, "a", "one")], startedAt: started));

        var counters = await _rig.ProcessAsync(_rig.Request([DocumentSamples.Item(1, "a", "two")], startedAt: started));

        Assert.Equal((1, 1), (counters.Stored, counters.Overwritten));
    }

    [Fact]
    public async Task Batch_ObjectThatIsReadAgain_CountsEveryRecordAndNoDuplicate()
    {
        var started = _rig.Time.GetUtcNow();
        await _rig.ProcessAsync(_rig.Request([DocumentSamples.Item(0, "a", "one"), DocumentSamples.Item(1, "b", "one")], startedAt: started));

        var counters = await _rig.ProcessAsync(_rig.Request(
            [
                DocumentSamples.Item(2, "c", "one"),
                DocumentSamples.Item(3, "file") with { SourceChanged = true },
                DocumentSamples.Item(4, "a", "two") with { Rereads = 1 },
                DocumentSamples.Item(5, "b", "one") with { Rereads = 1 },
                DocumentSamples.Item(6, "c", "two") with { Rereads = 1 },
            ],
            startedAt: started));

        Assert.Equal((4, 3, 0, 0, 1), (counters.Documents, counters.Stored, counters.Overwritten, counters.Superseded, counters.SourceChanges));
        Assert.Equal(["a#0=two", "b#0=one", "c#0=two"], _rig.Points());
        Assert.Null(await _rig.RowAsync("file"));
    }

    [Fact]
    public async Task Batch_IdThatAnEarlierTryOfThisJobStored_IsNoDuplicate()
    {
        var started = _rig.Time.GetUtcNow();
        await _rig.ProcessAsync(_rig.Request([DocumentSamples.Item(0, "a", "one")], startedAt: started));

        var counters = await _rig.ProcessAsync(_rig.Request([DocumentSamples.Item(0, "a", "two")], epoch: 2, startedAt: started));

        Assert.Equal((1, 0), (counters.Stored, counters.Overwritten));
    }

    [Fact]
    public async Task LedgerLost_PointsOfALaterGeneration_DoNotFenceOffWhatIsTrueNow()
    {
        await _rig.ProcessAsync(_rig.Request([DocumentSamples.Item(0, "a", "old\nold too"), DocumentSamples.Item(1, "b", "same")], generation: 5));
        await _rig.Ledger.DeleteAllAsync(_rig.Scope, TestContext.Current.CancellationToken);

        var counters = await _rig.ProcessAsync(_rig.Request([DocumentSamples.Item(0, "a", "new\nnew too"), DocumentSamples.Item(1, "b", "same")], generation: 1));

        Assert.Equal((2, 0, 3), (counters.Stored, counters.Superseded, counters.PointsWritten));
        Assert.Equal(["a#0=new", "a#1=new too", "b#0=same"], _rig.Points());
        Assert.All(_rig.Stored(), point => Assert.Equal(1, point.Payload.Generation));
    }

    [Fact]
    public async Task LargeDocument_StoppedBetweenWindowsThenShortened_LeavesNoOrphans()
    {
        var first = await _rig.CreateProcessor().ProcessAsync(_rig.Request([DocumentSamples.Item(0, "a", Long)]), TestContext.Current.CancellationToken);
        Assert.Equal(16, first.NextChunk?.Number);
        Assert.Equal((null, 16), ((await _rig.RowAsync("a"))!.ContentHash, (await _rig.RowAsync("a"))!.ChunkCount));

        await _rig.ProcessAsync(_rig.Request([DocumentSamples.Item(0, "a", "short")], epoch: 2));

        Assert.Equal(["a#0=short"], _rig.Points());
    }

    [Fact]
    public async Task LargeDocument_ShrinksAfterBeingStored_LosesItsSurplus()
    {
        await _rig.ProcessAsync(DocumentSamples.Item(0, "a", Long));

        var counters = await _rig.ProcessAsync(_rig.Request([DocumentSamples.Item(0, "a", string.Join('\n', Enumerable.Range(0, 20)))], generation: 2));

        Assert.Equal((20, 20), (_rig.Points().Count, counters.PointsDeleted));
    }

    [Fact]
    public async Task Stopped_BetweenUpsertAndCommitThenChanged_LeavesNoOrphans()
    {
        _rig.Faults.OnStep = step => step == "before commit" ? throw new CrashException(step) : Task.CompletedTask;
        await Assert.ThrowsAsync<CrashException>(() => _rig.ProcessAsync(DocumentSamples.Item(0, "a", "1\n2\n3\n4")));
        _rig.Faults.OnStep = null;

        await _rig.ProcessAsync(_rig.Request([DocumentSamples.Item(0, "a", "1\nx")], epoch: 2));

        Assert.Equal(["a#0=1", "a#1=x"], _rig.Points());
    }

    [Fact]
    public async Task Repeated_ByTheSameJobAfterAStop_CountsAsStoredAndCostsNothing()
    {
        var started = _rig.Time.GetUtcNow();
        await _rig.ProcessAsync(_rig.Request([DocumentSamples.Item(0, "a", "1\n2")], startedAt: started));
        var (calls, upserts) = (_rig.Model.Calls, _rig.Store.Upserts.Count);
        _rig.Time.Advance(TimeSpan.FromMinutes(1));

        var counters = await _rig.ProcessAsync(_rig.Request([DocumentSamples.Item(0, "a", "1\n2")], epoch: 2, startedAt: started));

        Assert.Equal((1, 1, 2, 2, 2, 0), (counters.Documents, counters.Stored, counters.Chunks, counters.Tokens, counters.PointsWritten, counters.Unchanged));
        Assert.Equal((calls, upserts), (_rig.Model.Calls, _rig.Store.Upserts.Count));
    }

    [Fact]
    public async Task Mirrored_UnchangedByAnEarlierJob_IsUnchangedOnARepeatToo()
    {
        await _rig.ProcessAsync(DocumentSamples.Item(0, "a"));
        _rig.Time.Advance(TimeSpan.FromMinutes(1));
        var started = _rig.Time.GetUtcNow();

        for (var epoch = 1; epoch <= 2; epoch++)
        {
            var counters = await _rig.ProcessAsync(_rig.Request([DocumentSamples.Item(0, "a")], SyncMode.Mirror, generation: 2, epoch, startedAt: started));
            Assert.Equal((1, 0), (counters.Unchanged, counters.Stored));
        }
    }

    [Theory]
    [InlineData(1, 2, 1, 1)]
    [InlineData(2, 1, 1, 9)]
    public async Task Overtaken_Writer_IsRefusedByGenerationThenEpoch(long generation, long epoch, long lateGeneration, long lateEpoch)
    {
        await _rig.ProcessAsync(_rig.Request([DocumentSamples.Item(0, "a", "new")], generation: generation, epoch: epoch));

        var counters = await _rig.ProcessAsync(_rig.Request([DocumentSamples.Item(0, "a", "late\nlonger")], generation: lateGeneration, epoch: lateEpoch));

        Assert.Equal((1, 1, 0), (counters.Documents, counters.Superseded, counters.Stored));
        Assert.Equal(["a#0=new"], _rig.Points());
        Assert.Equal((generation, epoch), ((await _rig.RowAsync("a"))!.Generation, (await _rig.RowAsync("a"))!.Epoch));
    }

    [Fact]
    public async Task Overtaken_BetweenItsIntentAndItsPoints_DeletesNothingOfTheNewer()
    {
        await _rig.ProcessAsync(DocumentSamples.Item(0, "a", "1\n2\n3\n4"));
        _rig.Faults.OnStep = async step =>
        {
            if (step == "before upsert")
            {
                _rig.Faults.OnStep = null;
                await _rig.ProcessAsync(_rig.Request([DocumentSamples.Item(0, "a", "n1\nn2\nn3\nn4")], generation: 2, epoch: 2));
            }
        };

        var late = await _rig.ProcessAsync(_rig.Request([DocumentSamples.Item(0, "a", "late")], generation: 2, epoch: 1));

        Assert.Equal(["a#0=n1", "a#1=n2", "a#2=n3", "a#3=n4"], _rig.Points());
        Assert.Equal((1, 0, 0), (late.Superseded, late.Stored, late.PointsDeleted));
    }
}
