using Quiver.Tests.Support;

namespace Quiver.Tests.Cluster;

/// <summary>What a provider may be asked is for the whole cluster, not for each silo.</summary>
[Collection(ClusterCollection.Name)]
public sealed class BudgetTests(UndisturbedCluster undisturbed)
{
    private const int PerSecond = 20;

    [Fact]
    public async Task Budget_OfAllSilos_IsOne()
    {
        await using var cluster = await ClusterProcesses.StartAsync(
            3,
            static _ => new Dictionary<string, string?>
            {
                [$"Quiver:Providers:{SharedServices.Provider}:RequestsPerMinute"] = $"{60 * PerSecond}",
                ["Quiver:Jobs:MaxInFlight"] = "12",
            });
        var client = cluster.Silos[0].ClientOf(UndisturbedCluster.Tenants[0]);
        var started = TimeProvider.System.GetTimestamp();

        var job = await client.SubmitAsync(undisturbed.Spec(UndisturbedCluster.Tenants[0]), TestContext.Current.CancellationToken);
        var end = await ClusterJob.EndAsync(client, job.Id);

        var took = TimeProvider.System.GetElapsedTime(started);
        var requests = cluster.Services.Model.Requests;
        Assert.Equal(JobState.Completed, end.State);
        Assert.Equal(cluster.Silos.Count, requests.Select(static request => request.Headers["X-Silo"]).Distinct().Count());
        Assert.True(took.TotalSeconds >= (requests.Count - 1) / (double)PerSecond, $"{requests.Count} requests within {took}");
    }
}
