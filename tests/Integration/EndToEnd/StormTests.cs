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
        await using var storm = Storm.Begin(server, bucket, services, random);
        var job = new StormJob(bucket, services, context);
        await using var silo = await StormSilo.StartAsync(services, _folder.At("data"));

        var report = await job.EndAsync(silo.Client, await job.SubmitAsync(silo.Client), expected);

        storm.AssertHadEverything(context);
        await StormOutcome.AssertTruthfulAsync(silo.Client, job, report, expected, services, poisonous, context);
        await storm.EndAsync();
        await StormOutcome.AssertMendedAsync(silo.Client, job, expected, services, random, context);
    }

    [Fact]
    public async Task Ingest_ThroughFaults_StoppedInTheMiddle_GoesOnWithTheNextSilo()
    {
        var random = Seed.For(nameof(Ingest_ThroughFaults_StoppedInTheMiddle_GoesOnWithTheNextSilo));
        var bucket = await server.NewBucketAsync();
        var poisonous = await StormDocuments.PutAsync(bucket, random);
        var expected = await UndisturbedAsync(bucket);
        await using var services = await ThreeServices.StartAsync(server);
        await using var storm = Storm.Begin(server, bucket, services, random);
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

        await StormOutcome.AssertTruthfulAsync(second.Client, job, report, expected, services, poisonous, Seed.Text);
        await storm.EndAsync();
        await StormOutcome.AssertMendedAsync(second.Client, job, expected, services, random, Seed.Text);
    }

    [Fact]
    public async Task Serve_ThroughFaults_KilledInTheMiddle_GoesOnWithTheNextProcess()
    {
        var random = Seed.For(nameof(Serve_ThroughFaults_KilledInTheMiddle_GoesOnWithTheNextProcess));
        var bucket = await server.NewBucketAsync();
        var poisonous = await StormDocuments.PutAsync(bucket, random);
        var expected = await UndisturbedAsync(bucket);
        await using var services = await ThreeServices.StartAsync(server);
        await using var storm = Storm.Begin(server, bucket, services, random);
        var job = new StormJob(bucket, services, Seed.Text);
        JobId id;
        await using (var first = await ServeProcess.StartAsync(_folder.Path, _folder.At("data"), ThreeServices.EnvironmentOf(services.StormSettings)))
        {
            id = await job.SubmitAsync(first.Client);
            await storm.InTheMiddle.OrFailAsync("the middle of the job");
            first.Process.Kill();
            await first.Process.ExitAsync();
        }

        StoredPoints.AssertWithin(expected, services.Points, Seed.Text);
        await using var second = await ServeProcess.StartAsync(_folder.Path, _folder.At("data"), ThreeServices.EnvironmentOf(services.StormSettings));
        var report = await job.EndAsync(second.Client, id, expected);

        await StormOutcome.AssertTruthfulAsync(second.Client, job, report, expected, services, poisonous, Seed.Text);
        await storm.EndAsync();
        await StormOutcome.AssertMendedAsync(second.Client, job, expected, services, random, Seed.Text);
    }

    private async Task<IReadOnlyList<StandInPoint>> UndisturbedAsync(TestBucket bucket)
    {
        await using var services = await ThreeServices.StartAsync(server);
        await using var silo = await StormSilo.StartAsync(services, _folder.At("undisturbed"));
        return await StormOutcome.OfUndisturbedAsync(silo.Client, bucket, services);
    }
}
