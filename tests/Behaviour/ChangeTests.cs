using Quiver.Tests.Support;

namespace Quiver.Tests.Behaviour;

/// <summary>A source that changed: only what changed is done again.</summary>
[Collection(BehaviourCollection.Name)]
public sealed class ChangeTests(BehaviourServer server)
{
    private readonly BehaviourTenant _tenant = server.NewTenant();

    [Theory]
    [InlineData(SyncMode.Append)]
    [InlineData(SyncMode.Update)]
    [InlineData(SyncMode.Mirror)]
    public async Task SecondRun_OverUnchangedData_EmbedsNothingAndWritesNothing(SyncMode sync)
    {
        var folder = WriteFolder();
        var first = await _tenant.IngestAsync(folder, sync);
        var before = await _tenant.ExportAsync();
        using var work = server.Measure();

        var second = await _tenant.IngestAsync(folder, sync);

        Assert.Equal((0, 0), work.Sum);
        Assert.Equal((JobState.Completed, 5L, 5L), (first.Status.State, first.Status.Counters.Documents, first.Status.Counters.Stored));
        Assert.Equal(
            new JobCounters { Documents = 5, Unchanged = 5, Bytes = first.Status.Counters.Bytes },
            second.Status.Counters);
        ExportedPoints.AssertSame(before, await _tenant.ExportAsync(), "An unchanged document was written");
    }

    [Fact]
    public async Task Meter_OfTheFirstRun_CountsItsWork()
    {
        using var work = server.Measure();

        await _tenant.IngestAsync(_tenant.Write("one.txt", $"Only tenant {_tenant.Name} has this text."));

        Assert.Equal((1, 1), work.Sum);
    }

    [Fact]
    public async Task AnotherCollection_WithTheSameTexts_TakesTheirVectorsFromTheCache()
    {
        var path = _tenant.Write("one.txt", $"Only tenant {_tenant.Name} caches this text.");
        await _tenant.IngestAsync(path);
        using var work = server.Measure();

        var report = await _tenant.RunAsync(_tenant.Spec(path) with { Collection = CollectionName.Parse("copy") });

        Assert.Equal((0, 1), work.Sum);
        Assert.Equal((1L, 0L, 1L), (report.Status.Counters.Stored, report.Status.Counters.EmbeddedTexts, report.Status.Counters.CacheHits));
    }

    [Fact]
    public async Task Update_OneDocumentEdited_DoesItsChunksOnly()
    {
        var folder = WriteFolder();
        await _tenant.IngestAsync(folder);
        var before = await _tenant.ExportAsync();
        _tenant.Write("data/b.txt", "The lighthouse was painted green.");

        var report = await _tenant.IngestAsync(folder);

        var after = await _tenant.ExportAsync();
        var counters = report.Status.Counters;
        Assert.Equal((1L, 4L, 1L, 1L, 0L), (counters.Stored, counters.Unchanged, counters.Chunks, counters.PointsWritten, counters.PointsDeleted));
        Assert.InRange(counters.EmbeddedTexts + counters.CacheHits, 1, 1);
        ExportedPoints.AssertSame(before.Of(static id => id != "data/b.txt"), after.Of(static id => id != "data/b.txt"), "Another document was written");
        Assert.Contains("The lighthouse was painted green.", await _tenant.SearchAsync("lighthouse"));
        Assert.DoesNotContain("The lighthouse is white.", await _tenant.SearchAsync("lighthouse"));
    }

    [Fact]
    public async Task Update_OneDocumentShortened_RemovesItsSurplusChunks()
    {
        var folder = WriteFolder();
        await _tenant.IngestAsync(folder);
        var before = await _tenant.ExportAsync();
        var chunks = before.Of(static id => id == "data/long.txt").Count;
        _tenant.Write("data/long.txt", LongText(2));

        var report = await _tenant.IngestAsync(folder);

        var after = await _tenant.ExportAsync();
        var left = after.Of(static id => id == "data/long.txt");
        Assert.InRange(left.Count, 1, chunks - 1);
        Assert.Equal((chunks - left.Count, left.Count), (report.Status.Counters.PointsDeleted, report.Status.Counters.PointsWritten));
        Assert.Subset(before.Ids.ToHashSet(), left.Ids.ToHashSet());
        ExportedPoints.AssertSame(before.Of(static id => id != "data/long.txt"), after.Of(static id => id != "data/long.txt"), "Another document was written");
    }

    [Fact]
    public async Task Append_ChangedAndNewDocuments_StoresTheNewOnly()
    {
        var folder = WriteFolder();
        await _tenant.IngestAsync(folder, SyncMode.Append);
        var before = await _tenant.ExportAsync();
        _tenant.Write("data/b.txt", "The lighthouse was painted green.");
        _tenant.Write("data/new.txt", "A new harbour opened in spring.");

        var report = await _tenant.IngestAsync(folder, SyncMode.Append);

        var after = await _tenant.ExportAsync();
        Assert.Equal((1L, 5L), (report.Status.Counters.Stored, report.Status.Counters.Unchanged));
        ExportedPoints.AssertSame(before, after.Of(static id => id != "data/new.txt"), "Append changed a document");
        Assert.Equal(before.Count + 1, after.Count);
    }

    [Fact]
    public async Task SameIds_FromTwoSources_AreAConflictAndTheFirstStays()
    {
        await _tenant.IngestAsync(Path.GetDirectoryName(_tenant.Write("one/docs/a.txt", "The text of the first source."))!);
        var before = await _tenant.ExportAsync();

        var report = await _tenant.IngestAsync(Path.GetDirectoryName(_tenant.Write("two/docs/a.txt", "The text of the second source."))!);

        var failure = Assert.Single(report.FirstFailures);
        Assert.Equal((0L, "docs/a.txt", ErrorCodes.DocumentIdConflict), (failure.Ordinal, failure.DocumentId, failure.Code));
        Assert.Contains("one/docs", failure.Reason, StringComparison.Ordinal);
        Assert.Equal((JobState.Failed, ErrorCodes.TooManyFailures), (report.Status.State, report.Status.ErrorCode));
        ExportedPoints.AssertSame(before, await _tenant.ExportAsync(), "The second source changed the first one's document");
    }

    private string WriteFolder()
    {
        _tenant.Write("data/a.txt", "The river runs to the sea.");
        _tenant.Write("data/b.txt", "The lighthouse is white.");
        _tenant.Write("data/long.txt", LongText(40));
        _tenant.Write("data/lines.jsonl", """{"text":"The kettle sings on the stove."}""" + "\n" + """{"text":"A mirror hangs in the hall."}""" + "\n");
        return _tenant.At("data");
    }

    private static string LongText(int sentences) =>
        string.Join(' ', Enumerable.Range(1, sentences).Select(static number => $"Sentence {number} of the long document tells about the bridge over the valley."));
}
