using System.Diagnostics;
using Quiver.Tests.Support.Providers;

namespace Quiver.Tests.Cluster;

/// <summary>Three silos and jobs on them; silos and their database go, and the jobs go on.</summary>
[Collection(ClusterCollection.Name)]
public sealed class SiloLossTests(UndisturbedCluster undisturbed, ITestOutputHelper output)
{
    private const string Tenant = "ada";
    private const long Quarter = UndisturbedCluster.Documents / 4;

    /// <summary>What the users were promised.</summary>
    private static readonly TimeSpan Recovery = TimeSpan.FromSeconds(15);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task SiloOfAJob_Killed_TheJobGoesOnElsewhereFromItsCheckpoint()
    {
        await using var jobs = await RunningJobs.StartAsync(undisturbed);
        var job = jobs.Jobs[Tenant];
        var victim = await jobs.Cluster.HostOfAsync(Tenant, job);
        var witness = jobs.Cluster.Other(victim);
        await using var watch = new JobWatch(witness.ClientOf(Tenant), job);
        await watch.UntilAsync(static change => change.LastCommittedIndex >= Quarter, "a quarter is committed");

        await AssertGoesOnAsync(jobs, victim, watch, () =>
        {
            victim.Process.Kill();
            return Task.CompletedTask;
        });

        await jobs.AssertEndAsync(witness.ClientOf);
        await watch.AssertCompleteAsync();
    }

    [Fact]
    public async Task SiloOfAJob_FrozenAndThawed_WritesNothingUnderItsOldEpoch()
    {
        await using var jobs = await RunningJobs.StartAsync(undisturbed);
        var job = jobs.Jobs[Tenant];
        var victim = await jobs.Cluster.HostOfAsync(Tenant, job);
        var witness = jobs.Cluster.Other(victim);
        await using var watch = new JobWatch(witness.ClientOf(Tenant), job);
        await watch.UntilAsync(static change => change.LastCommittedIndex >= Quarter, "a quarter is committed");

        // What its workers asked for comes when they have long been replaced.
        var late = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var held = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        jobs.Cluster.Services.Model.Script = async (request, stop) =>
        {
            if (request.Headers["X-Silo"] == victim.Name)
            {
                held.TrySetResult();
                await late.Task.WaitAsync(stop);
            }

            return ProviderReply.Ok(request);
        };
        await held.Task.WaitAsync(Recovery, Token);
        await AssertGoesOnAsync(jobs, victim, watch, victim.Process.FreezeAsync);
        await ClusterJob.EndAsync(witness.ClientOf(Tenant), job);
        var before = Snapshot(jobs);

        late.SetResult();
        await victim.Process.ThawAsync();

        // It learns that the others have given it up, and gives up itself.
        await victim.Process.ExitAsync();
        Assert.Equal(before, Snapshot(jobs));
        await jobs.AssertEndAsync(witness.ClientOf);
        await watch.AssertCompleteAsync();
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
        await watch.UntilAsync(static change => change.LastCommittedIndex >= Quarter, "a quarter is committed");

        await jobs.Cluster.Services.Postgres.StopAsync();
        await jobs.Cluster.Services.Postgres.RunAsync();

        await jobs.AssertEndAsync(jobs.Cluster.Silos[1].ClientOf);
        await watch.AssertCompleteAsync();
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

    /// <summary>Strikes a silo; another one must take its job up and bring it forward in time.</summary>
    private async Task AssertGoesOnAsync(RunningJobs jobs, SiloProcess victim, JobWatch watch, Func<Task> strike)
    {
        var started = Stopwatch.GetTimestamp();
        await strike();
        await jobs.Cluster.HostOfAsync(Tenant, jobs.Jobs[Tenant], not: victim);
        output.WriteLine($"The job was taken up after {Stopwatch.GetElapsedTime(started).TotalSeconds:0.0} s.");
        var committed = watch.Last!.LastCommittedIndex;
        await watch.UntilAsync(change => change.LastCommittedIndex > committed, "the job goes on");
        var took = Stopwatch.GetElapsedTime(started);
        output.WriteLine($"The job went on after {took.TotalSeconds:0.0} s.");
        Assert.True(took < Recovery, $"The job went on only after {took}.");
    }

    /// <summary>The tenant's points as they are, epochs included.</summary>
    private static IReadOnlyList<string> Snapshot(RunningJobs jobs) =>
        [.. jobs.Cluster.Services.Points.Where(static point => point.Payload["tenant_id"]!.GetValue<string>() == Tenant).Select(static point => point.ToString()!).Order(StringComparer.Ordinal)];
}
