using System.Diagnostics;
using Quiver.Tests.Support;

namespace Quiver.Tests.Cluster;

/// <summary>A job at a quarter of its documents, its silo, and another silo on which it is watched when the first one is lost.</summary>
internal sealed class StruckJob : IAsyncDisposable
{
    public const long Quarter = UndisturbedCluster.Documents / 4;

    /// <summary>What the users were promised.</summary>
    public static readonly TimeSpan Recovery = TimeSpan.FromSeconds(15);

    private readonly ClusterProcesses _cluster;
    private readonly string _tenant;
    private readonly JobId _job;
    private readonly ITestOutputHelper _output;

    private StruckJob(ClusterProcesses cluster, string tenant, JobId job, SiloProcess victim, ITestOutputHelper output)
    {
        (_cluster, _tenant, _job, _output) = (cluster, tenant, job, output);
        Victim = victim;
        Witness = cluster.Other(victim);
        Watch = new JobWatch(Witness.ClientOf(tenant), job);
    }

    public SiloProcess Victim { get; }

    public SiloProcess Witness { get; }

    public JobWatch Watch { get; }

    public static async Task<StruckJob> AtAQuarterAsync(ClusterProcesses cluster, string tenant, JobId job, ITestOutputHelper output)
    {
        var struck = new StruckJob(cluster, tenant, job, await cluster.HostOfAsync(tenant, job), output);
        try
        {
            await struck.Watch.UntilAsync(static change => change.LastCommittedIndex >= Quarter, "a quarter is committed");
            return struck;
        }
        catch
        {
            await struck.DisposeAsync();
            throw;
        }
    }

    /// <summary>Strikes the silo; another one must take the job up and bring it forward in time.</summary>
    public async Task AssertGoesOnAfterAsync(Func<Task> strike)
    {
        var started = Stopwatch.GetTimestamp();
        await strike();
        await _cluster.HostOfAsync(_tenant, _job, not: Victim);
        _output.WriteLine($"The job was taken up after {Stopwatch.GetElapsedTime(started).TotalSeconds:0.0} s.");
        var committed = Watch.Last!.LastCommittedIndex;
        await Watch.UntilAsync(change => change.LastCommittedIndex > committed, "the job continues");
        var took = Stopwatch.GetElapsedTime(started);
        _output.WriteLine($"The job continued after {took.TotalSeconds:0.0} s.");
        Assert.True(took < Recovery, $"The job continued only after {took}.");
    }

    /// <summary>The same by SIGKILL.</summary>
    public Task AssertGoesOnAfterKillAsync() => AssertGoesOnAfterAsync(() =>
    {
        Victim.Process.Kill();
        return Task.CompletedTask;
    });

    public ValueTask DisposeAsync() => Watch.DisposeAsync();
}
