using Quiver.Tests.Support;

namespace Quiver.Tests.Unit.Core.Documents;

/// <summary>What the store refuses of one document does not keep the others from being stored.</summary>
public sealed class BatchStoreRefusalTests
{
    private readonly BatchRig _rig = new();

    [Theory]
    [InlineData(0)]
    [InlineData(7)]
    [InlineData(15)]
    public async Task Batch_PointThatTheStoreRefuses_FailsItsDocumentAlone(int guilty)
    {
        _rig.Store.Refuses = point => point.Payload.DocumentId == $"d{guilty:00}" && point.Payload.Chunk == 1;

        var counters = await _rig.ProcessAsync([.. Enumerable.Range(0, 16).Select(i => DocumentSamples.Item(i, $"d{i:00}", $"first {i}\nsecond {i}"))]);

        Assert.Equal((16, 15, 1, 30), (counters.Documents, counters.Stored, counters.Failed, counters.PointsWritten));
        var failure = Assert.Single(await _rig.FailuresAsync());
        Assert.Equal(($"d{guilty:00}", ErrorCodes.DocumentTooLarge), (failure.DocumentId, failure.Code));
        Assert.Equal(30, _rig.Points().Count);
        Assert.DoesNotContain(_rig.Points(), point => point.StartsWith($"d{guilty:00}", StringComparison.Ordinal));
        Assert.Null(await _rig.RowAsync($"d{guilty:00}"));
    }

    [Fact]
    public async Task Batch_NewVersionThatTheStoreRefuses_LeavesNoHalfOfEither()
    {
        _rig.Options.UpsertPoints = 1;
        await _rig.ProcessAsync(DocumentSamples.Item(0, "a", "1\n2\n3\n4"), DocumentSamples.Item(1, "b", "b"));
        _rig.Store.Refuses = static point => point.Payload.Text == "large";

        var counters = await _rig.ProcessAsync(_rig.Request([DocumentSamples.Item(0, "a", "new\nlarge"), DocumentSamples.Item(1, "b", "c")], generation: 2));

        Assert.Equal((1, 1), (counters.Stored, counters.Failed));
        Assert.Equal(["b#0=c"], _rig.Points());
        Assert.Null(await _rig.RowAsync("a"));
    }

    [Fact]
    public async Task LargeDocument_RefusedByTheStoreInALaterCall_LeavesNothing()
    {
        _rig.Store.Refuses = static point => point.Payload.Text == "line 17";

        var counters = await _rig.ProcessAsync(_rig.Request([DocumentSamples.Item(0, "a", string.Join('\n', Enumerable.Range(0, 40).Select(static line => $"line {line}"))), DocumentSamples.Item(1, "b")]));

        Assert.Equal((2, 1, 1), (counters.Documents, counters.Stored, counters.Failed));
        Assert.Equal(["b#0=text"], _rig.Points());
        Assert.Null(await _rig.RowAsync("a"));
    }
}
