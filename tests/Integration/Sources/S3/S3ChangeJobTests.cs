using Quiver.Tests.Integration.Embeddings.OpenAI;
using Quiver.Tests.Services.S3;
using Quiver.Tests.Support;
using Quiver.Tests.Support.Providers;

namespace Quiver.Tests.Integration.Sources.S3;

/// <summary>Whole jobs over objects that are replaced or deleted in the middle: how they end says what became of it.</summary>
[Collection(S3ServerCollection.Name)]
public sealed class S3ChangeJobTests(S3Server server)
{
    private const int Records = 2_000;
    private const string Changed = "1 object was replaced or deleted while it was read, and was read again as it is now.";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Job_ObjectReplaced_Restart_EndsWithWhatHappenedAndBlamesNoIds()
    {
        var bucket = await server.NewBucketAsync();
        await using var silo = await StartAsync(bucket);

        var report = await IngestAcrossAsync(silo, bucket, SyncMode.Update, () => bucket.PutAsync("o/a.jsonl", TestBucket.Lines("new", Records)));

        var (status, counters) = (report.Status, report.Status.Counters);
        Assert.Equal((JobState.CompletedWithWarnings, 1L, 0L, 0L), (status.State, counters.SourceChanges, counters.Overwritten, counters.Superseded));
        Assert.Equal($"{Changed} Documents that only earlier versions had are still stored; a job that mirrors the source deletes them.", status.ErrorMessage);
        Assert.True(counters.Stored > Records);
        Assert.Equal(Records, (await TextsAsync(silo)).Count(static text => text.StartsWith("new ", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Job_ObjectReplaced_Fail_FailsWithItsName()
    {
        var bucket = await server.NewBucketAsync();
        await using var silo = await StartAsync(bucket, ("Quiver:S3:OnObjectChanged", "Fail"));

        var report = await IngestAcrossAsync(silo, bucket, SyncMode.Update, () => bucket.PutAsync("o/a.jsonl", TestBucket.Lines("new", Records)));

        Assert.Equal((JobState.Failed, ErrorCodes.SourceChanged), (report.Status.State, report.Status.ErrorCode));
        Assert.Contains(bucket.Address("o/a.jsonl"), report.Status.ErrorMessage, StringComparison.Ordinal);
        Assert.DoesNotContain(await TextsAsync(silo), static text => text.StartsWith("new ", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(3)]
    [InlineData(null)]
    public async Task Job_ObjectReplacedByAShorterOneOrDeleted_Mirror_SaysThatAnotherRunDeletesTheRest_AndItDoes(int? left)
    {
        var bucket = await server.NewBucketAsync();
        await bucket.PutAsync("o/b.txt", "new b");
        await using var silo = await StartAsync(bucket);

        var first = await IngestAcrossAsync(
            silo, bucket, SyncMode.Mirror, () => left is { } lines ? bucket.PutAsync("o/a.jsonl", TestBucket.Lines("new", lines)) : bucket.DeleteAsync("o/a.jsonl"));
        var kept = await TextsAsync(silo);
        var second = await silo.EndAsync(await SubmitAsync(silo, bucket, SyncMode.Mirror));

        Assert.Equal((JobState.CompletedWithWarnings, 1L, 0L), (first.Status.State, first.Status.Counters.SourceChanges, first.Status.Counters.Overwritten));
        Assert.Equal($"{Changed} Submit the job again to delete what is left of earlier versions.", first.Status.ErrorMessage);
        var old = kept.Count(static text => text.StartsWith("old ", StringComparison.Ordinal));
        Assert.True(old > 0);
        Assert.Equal((JobState.Completed, (long)old, 0L), (second.Status.State, second.Status.Counters.Deleted, second.Status.Counters.SourceChanges));
        var texts = await TextsAsync(silo);
        Assert.Equal(1 + (left ?? 0), texts.Count);
        Assert.All(texts, static text => Assert.StartsWith("new ", text, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Job_PausedBehindTheChange_KnowsOfItWhenItGoesOn()
    {
        var bucket = await server.NewBucketAsync();
        await using var silo = await StartAsync(bucket);
        await bucket.PutAsync("o/a.jsonl", TestBucket.Lines("old", Records));
        using var first = new Gate();
        using var again = new Gate();
        silo.Provider.Script = async (request, token) =>
        {
            var isNew = request.Texts.Any(static text => text.StartsWith("new ", StringComparison.Ordinal));
            await (isNew ? again : first).PassAsync(token);
            return ProviderReply.Ok(request);
        };
        var job = await SubmitAsync(silo, bucket, SyncMode.Update);
        await first.Reached.OrFailAsync("the first request");
        await bucket.PutAsync("o/a.jsonl", TestBucket.Lines("new", Records));
        first.Open();

        await again.Reached.OrFailAsync("a record of the new object");
        await silo.Client().PauseJobAsync(job, Token);
        again.Open();
        await silo.Client().ResumeJobAsync(job, Token);
        var report = await silo.EndAsync(job);

        Assert.Equal((JobState.CompletedWithWarnings, 1L, 0L), (report.Status.State, report.Status.Counters.SourceChanges, report.Status.Counters.Overwritten));
        Assert.True(report.Status.Epoch > 1);
        Assert.StartsWith(Changed, report.Status.ErrorMessage, StringComparison.Ordinal);
    }

    private static Task<ProviderSilo> StartAsync(TestBucket bucket, params (string Name, string Value)[] settings) =>
        ProviderSilo.StartAsync([.. bucket.Configuration, ("Quiver:S3:RangeBytes", "65536"), .. settings]);

    /// <summary>Runs a job to its end and changes its object while the first documents are on their way and most of it is not read yet.</summary>
    private static async Task<JobReport> IngestAcrossAsync(ProviderSilo silo, TestBucket bucket, SyncMode sync, Func<Task> change)
    {
        await bucket.PutAsync("o/a.jsonl", TestBucket.Lines("old", Records));
        using var first = new Gate();
        silo.Provider.Script = async (request, token) =>
        {
            await first.PassAsync(token);
            return ProviderReply.Ok(request);
        };
        var job = await SubmitAsync(silo, bucket, sync);
        await first.Reached.OrFailAsync("the first request");
        await change();
        first.Open();
        return await silo.EndAsync(job);
    }

    /// <summary>One batch in flight: reading is never far ahead of what is embedded.</summary>
    private static async Task<JobId> SubmitAsync(ProviderSilo silo, TestBucket bucket, SyncMode sync) => (await silo.Client().SubmitAsync(
        new JobSpec { Tenant = TenantId.Parse("acme"), Collection = ProviderSilo.Docs, Source = bucket.Spec("o/"), Sync = sync, MaxInFlight = 1 }, Token)).Id;

    private static async Task<List<string>> TextsAsync(ProviderSilo silo) => [.. (await silo.ExportAsync()).Texts()];
}
