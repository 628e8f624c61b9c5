using System.Diagnostics;
using System.Text.Json.Nodes;
using Quiver.Tests.Support;
using Quiver.Tests.Support.Qdrant;

namespace Quiver.Tests.Cluster;

/// <summary>Jobs on three silos continue when silos or their database are lost.</summary>
[Collection(ClusterCollection.Name)]
public sealed class SiloLossTests(UndisturbedCluster undisturbed, ITestOutputHelper output)
{
    private const string Tenant = "ada";

    /// <summary>The drain's default and the last steps after it; containers are given this long before they are killed.</summary>
    private static readonly TimeSpan StopLimit = TimeSpan.FromSeconds(45);

    [Fact]
    public async Task SiloOfAJob_Killed_TheJobGoesOnElsewhereFromItsCheckpoint()
    {
        await using var jobs = await RunningJobs.StartAsync(undisturbed);
        await using var job = await StruckJob.AtAQuarterAsync(jobs.Cluster, Tenant, jobs.Jobs[Tenant], output);

        await job.AssertGoesOnAfterKillAsync();

        await jobs.AssertEndAsync(job.Witness.ClientOf);
        await job.Watch.AssertCompleteAsync();
    }

    [Fact]
    public async Task SiloOfAJob_FrozenAndThawed_WritesNothingUnderItsOldEpoch()
    {
        await using var jobs = await RunningJobs.StartAsync(undisturbed);
        await using var job = await StruckJob.AtAQuarterAsync(jobs.Cluster, Tenant, jobs.Jobs[Tenant], output);

        // What its workers send to the store comes there when they have long been replaced.
        var epoch = job.Victim.EpochOf(Tenant, jobs.Jobs[Tenant]);
        var late = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var held = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
        jobs.Cluster.Services.Qdrant.OnRequest = async request =>
        {
            if (IsUpsert(request, epoch))
            {
                held.TrySetResult(true);
                await late.Task;
            }
        };
        await held.Task.OrFailAsync("a write to the store");
        await job.AssertGoesOnAfterAsync(job.Victim.Process.FreezeAsync);
        jobs.Hurry();
        await ClusterJob.EndAsync(job.Witness.ClientOf(Tenant), jobs.Jobs[Tenant]);
        var before = Snapshot(jobs);

        late.SetResult();
        await Patience.UntilAsync(() => jobs.Cluster.Services.Qdrant.UnderWay == 0, "the store is done with what came late");
        Assert.Equal(before, Snapshot(jobs));

        // It learns that the others have given it up, and gives up itself.
        await job.Victim.Process.ThawAsync();
        await job.Victim.Process.ExitAsync();
        Assert.Equal(before, Snapshot(jobs));
        await jobs.AssertEndAsync(job.Witness.ClientOf);
        await job.Watch.AssertCompleteAsync();
    }

    [Fact]
    public async Task AllSilos_RestartedOneAfterTheOther_JobsAndWatchersGoOn()
    {
        await using var jobs = await RunningJobs.StartAsync(undisturbed);
        await using var client = await ClusterClient.ConnectAsync(jobs.Cluster.Services);
        await using var watch = new JobWatch(client.Of(Tenant), jobs.Jobs[Tenant]);
        await watch.UntilAsync(static change => change.LastCommittedIndex >= UndisturbedCluster.Documents / 10, "the job has begun");

        foreach (var old in jobs.Cluster.Silos.ToList())
        {
            await old.Process.TerminateAsync();
            Assert.Equal(0, await old.Process.ExitAsync());
            await jobs.Cluster.AddAsync();
        }

        await jobs.AssertEndAsync(client.Of);
        await watch.AssertCompleteAsync();
    }

    [Fact]
    public async Task Database_RestartedUnderLoad_JobsGoOn()
    {
        await using var jobs = await RunningJobs.StartAsync(undisturbed);
        var client = jobs.Cluster.Silos[1].ClientOf(Tenant);
        await using var watch = new JobWatch(client, jobs.Jobs[Tenant]);
        await watch.UntilAsync(static change => change.LastCommittedIndex >= StruckJob.Quarter, "a quarter is committed");

        await jobs.Cluster.Services.Postgres.StopAsync();
        await jobs.Cluster.Services.Postgres.RunAsync();

        await jobs.AssertEndAsync(jobs.Cluster.Silos[1].ClientOf);
        await watch.AssertCompleteAsync();
    }

    [Fact]
    public async Task Silo_ToldToStopWithoutItsDatabase_StopsInTime()
    {
        await using var cluster = await ClusterProcesses.StartAsync(1);
        await cluster.Services.Postgres.StopAsync();

        var started = Stopwatch.GetTimestamp();
        await cluster.Silos[0].Process.TerminateAsync();

        Assert.Equal(0, await cluster.Silos[0].Process.ExitAsync());
        output.WriteLine($"The silo stopped after {Stopwatch.GetElapsedTime(started).TotalSeconds:0.0} s.");
        Assert.InRange(Stopwatch.GetElapsedTime(started), TimeSpan.Zero, StopLimit * ProcessorLoad.PerProcessor);
        await cluster.Services.Postgres.RunAsync();
    }

    [Fact]
    public async Task BatchesOfOneJob_AreEmbeddedOnAllSilos()
    {
        await using var jobs = await RunningJobs.StartAsync(undisturbed, Tenant);
        await jobs.AssertEndAsync(jobs.Cluster.Silos[0].ClientOf);

        var bySilo = jobs.Cluster.Services.Model.Requests.CountBy(static request => request.Headers["X-Silo"]).ToDictionary();
        output.WriteLine(string.Join(", ", bySilo.OrderBy(static silo => silo.Key).Select(static silo => $"{silo.Key}: {silo.Value} requests")));
        Assert.Equal(jobs.Cluster.Silos.Select(static silo => silo.Name).Order(), bySilo.Keys.Order());
    }

    /// <summary>Whether points of the tenant's job are written under an epoch.</summary>
    private static bool IsUpsert(StandInRequest request, long epoch) =>
        request.Points.Any(point => point.Payload["tenant_id"]!.GetValue<string>() == Tenant && point.Payload["epoch"]!.GetValue<long>() == epoch);

    /// <summary>The tenant's points as they are, epochs included.</summary>
    private static IReadOnlyList<string> Snapshot(RunningJobs jobs) =>
        [.. jobs.Cluster.Services.Points.Where(static point => point.Payload["tenant_id"]!.GetValue<string>() == Tenant).Select(static point => point.ToString()!).Order(StringComparer.Ordinal)];
}
