using Quiver.Tests.Support;

namespace Quiver.Tests.Unit.Core.Documents;

public sealed class BatchFailureTests
{
    private readonly BatchRig _rig = new();

    [Theory]
    [InlineData(0)]
    [InlineData(31)]
    [InlineData(63)]
    public async Task Batch_OneGuiltyDocument_StandsAloneAndTheRestLands(int guilty)
    {
        _rig.Model.Refuses = text => text == $"text {guilty}";

        var counters = await _rig.ProcessAsync([.. Enumerable.Range(0, 64).Select(i => DocumentSamples.Item(i, $"d{i:00}", $"text {i}"))]);

        Assert.Equal((64, 63, 1, 63), (counters.Documents, counters.Stored, counters.Failed, counters.PointsWritten));
        var failure = Assert.Single(await _rig.FailuresAsync());
        Assert.Equal((guilty, $"d{guilty:00}", "refused_text"), (failure.Ordinal, failure.DocumentId, failure.Code));
        Assert.Equal(63, _rig.Points().Count);
        Assert.InRange(_rig.Model.Calls, 2, 13);
    }

    [Fact]
    public async Task Batch_OneTextWithAUselessVector_FailsAloneAndTheRestLands()
    {
        _rig.Model.Spoils = text => text == "text 7";

        var counters = await _rig.ProcessAsync([.. Enumerable.Range(0, 16).Select(i => DocumentSamples.Item(i, $"d{i:00}", $"text {i}"))]);

        Assert.Equal((15, 1), (counters.Stored, counters.Failed));
        var failure = Assert.Single(await _rig.FailuresAsync());
        Assert.Equal(("d07", ErrorCodes.InvalidEmbedding), (failure.DocumentId, failure.Code));
    }

    [Fact]
    public async Task Batch_AllGuilty_AllFail()
    {
        _rig.Model.Refuses = _ => true;

        var counters = await _rig.ProcessAsync([.. Enumerable.Range(0, 5).Select(i => DocumentSamples.Item(i, $"d{i}"))]);

        Assert.Equal((5, 5, 0), (counters.Documents, counters.Failed, counters.Stored));
        Assert.Empty(_rig.Points());
    }

    [Theory]
    [InlineData(SyncMode.Update)]
    [InlineData(SyncMode.Mirror)]
    public async Task Batch_RefusedNewVersion_LeavesTheStoredOneWhole(SyncMode sync)
    {
        await _rig.ProcessAsync(DocumentSamples.Item(0, "a", "good\nold"));
        var before = await _rig.RowAsync("a");
        _rig.Model.Refuses = text => text == "bad";

        await _rig.ProcessAsync(_rig.Request([DocumentSamples.Item(0, "a", "bad\nand\nlonger")], sync, generation: 2));

        Assert.Equal(["a#0=good", "a#1=old"], _rig.Points());
        var after = (await _rig.RowAsync("a"))!;
        Assert.Equal((before!.ContentHash, 2), (after.ContentHash, after.ChunkCount));

        // The source still has it, so mirroring must not take it for gone.
        Assert.Equal(sync == SyncMode.Mirror ? 2 : 1, after.Generation);
    }

    [Theory]
    [InlineData(FaultKind.Transient)]
    [InlineData(FaultKind.Throttled)]
    [InlineData(FaultKind.Permanent)]
    public async Task Batch_ModelFails_ThrowsWithoutATraceAndSucceedsNextTime(FaultKind kind)
    {
        _rig.Model.Faults.Enqueue(kind switch
        {
            FaultKind.Transient => new TransientException("flaky", "Flaky."),
            FaultKind.Throttled => new ThrottledException("too_many", "Slow down.") { RetryAfter = TimeSpan.FromSeconds(9) },
            _ => new PermanentException("denied", "Denied."),
        });

        var error = await Assert.ThrowsAnyAsync<QuiverException>(() => _rig.ProcessAsync(DocumentSamples.Item(0, "a")));

        Assert.Equal(kind, error.Kind);
        Assert.Null(await _rig.RowAsync("a"));
        Assert.Equal(1, (await _rig.ProcessAsync(DocumentSamples.Item(0, "a"))).Stored);
    }

    [Fact]
    public async Task Batch_Cancelled_StopsBeforeAnythingIsWritten()
    {
        using var cancelled = new CancellationTokenSource();
        await cancelled.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => _rig.CreateProcessor().ProcessAsync(_rig.Request([DocumentSamples.Item(0, "a")]), cancelled.Token));

        Assert.Empty(_rig.Points());
    }

    [Theory]
    [InlineData(15, false)]
    [InlineData(16, true)]
    public async Task Batch_ModelThatHasRefusedAllFirstDocuments_EndsTheJob(int documents, bool ends)
    {
        _rig.Model.Refuses = _ => true;

        var run = _rig.ProcessAsync([.. Enumerable.Range(0, documents).Select(i => DocumentSamples.Item(i, $"d{i}", $"text {i}"))]);

        if (ends)
        {
            var error = await Assert.ThrowsAsync<PermanentException>(() => run);
            Assert.Equal(ErrorCodes.RefusedText, error.Code);
            Assert.Contains("The model refuses a text.", error.Message, StringComparison.Ordinal);
        }
        else
        {
            Assert.Equal(documents, (await run).Failed);
        }
    }

    [Fact]
    public async Task Batch_ModelThatAcceptedTextsOfTheJobInAnotherProcess_MayRefuseAsManyAsItLikes()
    {
        _rig.Model.Refuses = _ => true;
        var items = Enumerable.Range(0, 40).Select(i => DocumentSamples.Item(i, $"d{i}", $"text {i}"));

        var counters = await _rig.ProcessAsync(_rig.Request(items) with { WasAccepted = true });

        Assert.Equal(40, counters.Failed);
    }
}
