using System.Text.Json.Nodes;
using Quiver.Client;
using Quiver.Pipeline.Vectors;
using Quiver.Tests.Services.S3;
using Quiver.Tests.Support;
using Quiver.Tests.Support.Qdrant;

namespace Quiver.Tests.Integration.EndToEnd;

/// <summary>
/// S3 to Qdrant by way of a provider, with every kind of fault at all three: nothing wrong is ever stored, and in the end there is exactly
/// what an undisturbed run makes.
/// </summary>
[Collection(S3ServerCollection.Name)]
public sealed class StormTests(S3Server server) : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Ingest_ThroughFaultsOfAllServices_EndsWithThePointsOfAnUndisturbedRun(int run)
    {
        var random = Seed.For($"{nameof(StormTests)}{run}");
        var context = $"{Seed.Text}, run {run}";
        var bucket = await server.NewBucketAsync();
        var poisonous = await StormDocuments.PutAsync(bucket, random);
        var expected = await UndisturbedAsync(bucket);
        await using var services = await ThreeServices.StartAsync(server);
        var storm = Storm.Begin(services, random);
        var job = new StormJob(bucket, services, context);
        await using var silo = await StormSilo.StartAsync(services, _folder.At("data"));

        var report = await job.EndAsync(silo.Client, await job.SubmitAsync(silo.Client), expected);

        storm.AssertHadEverything(context);
        await AssertTruthfulAsync(silo.Client, job, report, expected, services, poisonous);
        storm.End();
        await AssertMendedAsync(silo.Client, job, expected, services, random, context);
    }

    [Fact]
    public async Task Ingest_ThroughFaults_StoppedInTheMiddle_GoesOnWithTheNextSilo()
    {
        var random = Seed.For(nameof(Ingest_ThroughFaults_StoppedInTheMiddle_GoesOnWithTheNextSilo));
        var bucket = await server.NewBucketAsync();
        var poisonous = await StormDocuments.PutAsync(bucket, random);
        var expected = await UndisturbedAsync(bucket);
        await using var services = await ThreeServices.StartAsync(server);
        var storm = Storm.Begin(services, random);
        var job = new StormJob(bucket, services, Seed.Text);
        JobId id;
        await using (var first = await StormSilo.StartAsync(services, _folder.At("data")))
        {
            id = await job.SubmitAsync(first.Client);
            await storm.InTheMiddle.OrFailAsync("the middle of the job");
        }

        StoredPoints.AssertWithin(expected, services.Points, Seed.Text);
        Assert.InRange(services.Points.Count, 1, expected.Count - 1);
        await using var second = await StormSilo.StartAsync(services, _folder.At("data"));
        var report = await job.EndAsync(second.Client, id, expected);

        await AssertTruthfulAsync(second.Client, job, report, expected, services, poisonous);
        storm.End();
        await AssertMendedAsync(second.Client, job, expected, services, random, Seed.Text);
    }

    [Fact]
    public async Task Serve_ThroughFaults_KilledInTheMiddle_GoesOnWithTheNextProcess()
    {
        var random = Seed.For(nameof(Serve_ThroughFaults_KilledInTheMiddle_GoesOnWithTheNextProcess));
        var bucket = await server.NewBucketAsync();
        var poisonous = await StormDocuments.PutAsync(bucket, random);
        var expected = await UndisturbedAsync(bucket);
        await using var services = await ThreeServices.StartAsync(server);
        var storm = Storm.Begin(services, random);
        var job = new StormJob(bucket, services, Seed.Text);
        JobId id;
        await using (var first = await ServeProcess.StartAsync(_folder.Path, _folder.At("data"), services.Environment))
        {
            id = await job.SubmitAsync(first.Client);
            await storm.InTheMiddle.OrFailAsync("the middle of the job");
            first.Process.Kill();
            await first.Process.ExitAsync();
        }

        StoredPoints.AssertWithin(expected, services.Points, Seed.Text);
        await using var second = await ServeProcess.StartAsync(_folder.Path, _folder.At("data"), services.Environment);
        var report = await job.EndAsync(second.Client, id, expected);

        await AssertTruthfulAsync(second.Client, job, report, expected, services, poisonous);
        storm.End();
        await AssertMendedAsync(second.Client, job, expected, services, random, Seed.Text);
    }

    private async Task<IReadOnlyList<StandInPoint>> UndisturbedAsync(TestBucket bucket)
    {
        await using var services = await ThreeServices.StartAsync(server);
        await using var silo = await StormSilo.StartAsync(services, _folder.At("undisturbed"));
        var job = new StormJob(bucket, services, "undisturbed");
        var id = await job.SubmitAsync(silo.Client);
        await foreach (var change in silo.Client.WatchJobAsync(id, 0, Token))
            Assert.NotEqual(JobState.Failed, change.State);
        Assert.Equal(StormDocuments.Count, (await silo.Client.GetJobAsync(id, Token)).Counters.Stored);
        services.AssertVectorsAreTrue("undisturbed");
        return services.Points;
    }

    /// <summary>What is said to have failed has no point; everything else has all of them.</summary>
    private static async Task AssertTruthfulAsync(
        IQuiverClient client, StormJob job, JobReport report, IReadOnlyList<StandInPoint> expected, ThreeServices services, IReadOnlySet<string> poisonous)
    {
        var failed = await job.FailuresAsync(client, report, poisonous);
        Assert.Equal(StormDocuments.Count, report.Status.Counters.Documents);
        Assert.Subset(failed.ToHashSet(), poisonous.ToHashSet());
        StoredPoints.AssertSame([.. expected.Where(point => !failed.Contains(DocumentOf(point)))], services.Points, Seed.Text);
        services.AssertVectorsAreTrue(Seed.Text);
    }

    /// <summary>A server that loses what it had said to have kept is found out, and the next job brings back all that is missing.</summary>
    private static async Task AssertMendedAsync(
        IQuiverClient client, StormJob job, IReadOnlyList<StandInPoint> expected, ThreeServices services, Random random, string context)
    {
        var lost = services.Points.OrderBy(_ => random.Next()).Take(10).ToList();
        services.Qdrant.State.Answer(new(
            "POST",
            $"/collections/{services.Qdrant.State.Names.Single()}/points/delete",
            new Dictionary<string, string> { ["wait"] = "true" },
            1,
            new JsonObject { ["points"] = new JsonArray([.. lost.Select(static point => (JsonNode)point.Id.ToString())]) }));

        var found = await client.VerifyAsync(StormJob.Docs, repair: true, Token);
        var report = await job.EndAsync(client, await job.SubmitAsync(client), expected);

        Assert.Equal((lost.Count, 0L), ((int)found.MissingPoints, found.SurplusPoints));
        Assert.Equal((JobState.Completed, StormDocuments.Count), (report.Status.State, (int)(report.Status.Counters.Stored + report.Status.Counters.Unchanged)));
        StoredPoints.AssertSame(expected, services.Points, context);
        services.AssertVectorsAreTrue(context);
        Assert.True((await client.VerifyAsync(StormJob.Docs, repair: false, Token)).IsConsistent, context);
    }

    private static string DocumentOf(StandInPoint point) => point.Payload[PayloadFields.DocumentId]!.GetValue<string>();
}
