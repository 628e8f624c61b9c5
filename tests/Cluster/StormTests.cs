using Quiver.Tests.Integration.EndToEnd;
using Quiver.Tests.Services.S3;
using Quiver.Tests.Support;
using Quiver.Tests.Support.Qdrant;

namespace Quiver.Tests.Cluster;

/// <summary>S3 to Qdrant by way of a provider on three silos, with every kind of fault at all three services and the loss of the job's silo on top.</summary>
[Collection(ClusterCollection.Name)]
public sealed class StormTests(S3Server server, ITestOutputHelper output) : IClassFixture<S3Server>
{
    [Fact]
    public async Task Ingest_ThroughFaultsOfAllServices_WhoseSiloIsKilled_EndsWithThePointsOfAnUndisturbedRun()
    {
        var random = Seed.For(nameof(StormTests));
        var bucket = await server.NewBucketAsync();
        var poisonous = await StormDocuments.PutAsync(bucket, random);
        var expected = await UndisturbedAsync(bucket);
        await using var services = await ThreeServices.StartAsync(server);
        await using var cluster = await StartAsync(services, 3);
        await using var storm = Storm.Begin(server, bucket, services, random);
        var job = new StormJob(bucket, services, Seed.Text);

        var id = await job.SubmitAsync(ClientOf(cluster.Silos[0]));
        await storm.InTheMiddle.OrFailAsync("the middle of the job");
        var victim = await cluster.HostOfAsync(StormJob.Tenant.Value, id);
        victim.Process.Kill();
        await victim.Process.ExitAsync();
        output.WriteLine($"{victim.Name} was killed with {services.Points.Count} of {expected.Count} points stored.");
        StoredPoints.AssertWithin(expected, services.Points, Seed.Text);
        var client = ClientOf(cluster.Other(victim));
        var report = await job.EndAsync(client, id, expected);

        Assert.True(report.Status.Epoch > 1);
        await StormOutcome.AssertTruthfulAsync(client, job, report, expected, services, poisonous, Seed.Text);
        await storm.EndAsync();
        await StormOutcome.AssertMendedAsync(client, job, expected, services, random, Seed.Text);
    }

    private async Task<IReadOnlyList<StandInPoint>> UndisturbedAsync(TestBucket bucket)
    {
        await using var services = await ThreeServices.StartAsync(server);
        await using var cluster = await StartAsync(services, 1);
        return await StormOutcome.OfUndisturbedAsync(ClientOf(cluster.Silos[0]), bucket, services);
    }

    /// <summary>Silos of one database that know the three services.</summary>
    private static Task<ClusterProcesses> StartAsync(ThreeServices services, int silos) =>
        ClusterProcesses.StartAsync(silos, _ => services.StormSettings.ToDictionary(static setting => setting.Key, static setting => (string?)setting.Value));

    private static Client.IQuiverClient ClientOf(SiloProcess silo) => silo.ClientOf(StormJob.Tenant.Value);
}
