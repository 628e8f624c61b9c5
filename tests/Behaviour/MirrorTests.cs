using Quiver.Tests.Support;

namespace Quiver.Tests.Behaviour;

/// <summary>A mirrored source: what it no longer has goes, and only when it is certain that it no longer has it.</summary>
[Collection(BehaviourCollection.Name)]
public sealed class MirrorTests(BehaviourServer server)
{
    private const int Documents = 400;

    private readonly BehaviourTenant _tenant = server.NewTenant();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Mirror_DocumentsGone_DeletesTheirPointsAfterTheWholeSourceWasRead()
    {
        var path = await IngestAsync();
        var before = await _tenant.ExportAsync();
        Rewrite(path, static number => number % 4 == 0 ? null : number % 4 == 1 ? $"Document {number} is new." : Text(number));

        var job = (await _tenant.Client.SubmitAsync(_tenant.Spec(path, SyncMode.Mirror, "id"), Token)).Id;
        var events = await _tenant.EventsAsync(job);

        var after = await _tenant.ExportAsync();
        var last = events[^1];
        Assert.Equal((JobState.Completed, Documents / 4L, Documents / 4L, Documents / 4L), (last.State, last.Counters.Deleted, last.Counters.PointsDeleted, last.Counters.Stored));
        Assert.All(events, change => Assert.True(
            change.Counters.Deleted == 0 || change.LastCommittedIndex == (Documents * 3 / 4) - 1, $"Deleted {change.Counters.Deleted} after document {change.LastCommittedIndex}."));
        Assert.Contains(events, static change => change is { Kind: JobEventKind.BatchCommitted, Counters.Deleted: 0 });
        Assert.Equal(Documents * 3 / 4, after.Documents().Count);
        ExportedPoints.AssertSame(before.Of(static id => Number(id) % 4 > 1), after.Of(static id => Number(id) % 4 > 1), "An unchanged document was written");
    }

    [Fact]
    public async Task Mirror_CancelledOnItsWay_HasDeletedNothing()
    {
        var path = await IngestAsync();
        Rewrite(path, static number => number < 10 ? null : $"Document {number} is new and so is all that it says.");
        var job = (await _tenant.Client.SubmitAsync(_tenant.Spec(path, SyncMode.Mirror, "id"), Token)).Id;
        await foreach (var change in _tenant.Client.WatchJobAsync(job, 0, Token))
        {
            if (change.State == JobState.Running)
            {
                break;
            }
        }

        var status = await _tenant.Client.CancelJobAsync(job, Token);

        Assert.Equal((JobState.Cancelled, 0L), (status.State, status.Counters.Deleted));
        Assert.Equal(Documents, (await _tenant.ExportAsync()).Documents().Count);
    }

    [Theory]
    [InlineData("""{"text":"cut off","id":"d-""", 1.0, JobState.CompletedWithWarnings)]
    [InlineData("""{"text":"an id is missing"}""", 1.0, JobState.CompletedWithWarnings)]
    [InlineData("""{"id":"d-1"}""", 0.0, JobState.Failed)]
    public async Task Mirror_RecordsThatCannotBeRead_DeletesNothingThatTheyMayStandFor(string bad, double tolerated, JobState state)
    {
        var path = await IngestAsync();
        await File.WriteAllLinesAsync(path, [bad, Line(2, Text(2))], Token);

        var report = await _tenant.RunAsync(_tenant.Spec(path, SyncMode.Mirror, "id") with { MaxFailureRatio = tolerated });

        Assert.Equal((state, 1L, 0L), (report.Status.State, report.Status.Counters.Failed, report.Status.Counters.Deleted));
        Assert.Equal(Documents, (await _tenant.ExportAsync()).Documents().Count);
    }

    [Fact]
    public async Task Update_DocumentsGone_KeepsTheirPoints()
    {
        var path = await IngestAsync();
        Rewrite(path, static number => number == 0 ? Text(0) : null);

        var report = await _tenant.IngestAsync(path, SyncMode.Update, "id");

        Assert.Equal((JobState.Completed, 0L), (report.Status.State, report.Status.Counters.Deleted));
        Assert.Equal(Documents, (await _tenant.ExportAsync()).Documents().Count);
    }

    private static string Text(int number) => $"Document {number} says what it says.";

    private static string Line(int number, string text) => $$"""{"id":"d-{{number}}","text":"{{text}}"}""";

    private static int Number(string id) => int.Parse(id.AsSpan(2), System.Globalization.CultureInfo.InvariantCulture);

    private static void Rewrite(string path, Func<int, string?> text) =>
        File.WriteAllLines(path, Enumerable.Range(0, Documents).Where(number => text(number) is not null).Select(number => Line(number, text(number)!)));

    private async Task<string> IngestAsync()
    {
        var path = _tenant.Write("documents.jsonl", "");
        Rewrite(path, Text);
        var report = await _tenant.IngestAsync(path, SyncMode.Mirror, "id");
        Assert.Equal((JobState.Completed, (long)Documents), (report.Status.State, report.Status.Counters.Stored));
        return path;
    }
}
