using System.Diagnostics;
using Quiver.Client;
using Quiver.Tests.Support;
using Quiver.Tests.Support.Providers;

namespace Quiver.Tests.Cluster;

/// <summary>A slow job for each tenant, on three silos.</summary>
internal sealed class RunningJobs : IAsyncDisposable
{
    private static readonly TimeSpan AnswerTime = TimeSpan.FromMilliseconds(300);

    private readonly UndisturbedCluster _undisturbed;

    private RunningJobs(UndisturbedCluster undisturbed, ClusterProcesses cluster)
    {
        _undisturbed = undisturbed;
        Cluster = cluster;
    }

    public ClusterProcesses Cluster { get; }

    public ImmutableDictionary<string, JobId> Jobs { get; private set; } = [];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static async Task<RunningJobs> StartAsync(UndisturbedCluster undisturbed, params IReadOnlyList<string> tenants)
    {
        var jobs = new RunningJobs(undisturbed, await ClusterProcesses.StartAsync(3));
        try
        {
            Slow(jobs.Cluster.Services.Model);
            foreach (var tenant in tenants is [] ? UndisturbedCluster.Tenants : tenants)
            {
                jobs.Jobs = jobs.Jobs.Add(tenant, (await jobs.Cluster.Silos[0].ClientOf(tenant).SubmitAsync(undisturbed.Spec(tenant), Token)).Id);
            }

            return jobs;
        }
        catch
        {
            await jobs.DisposeAsync();
            throw;
        }
    }

    /// <summary>From now on the provider takes its time, so that there is something to be struck.</summary>
    public static void Slow(ScriptedProvider model) => model.Script = AnswerSlowlyAsync;

    /// <summary>From now on the provider answers at once.</summary>
    public void Hurry() => Cluster.Services.Model.Answers(ProviderReply.Ok);

    /// <summary>Every job must end as if nothing had happened.</summary>
    public async Task AssertEndAsync(Func<string, IQuiverClient> clientOf)
    {
        Hurry();

        // Stream subscribers are stored in Orleans' own format, which only its serializer reads.
        Assert.DoesNotContain(Cluster.Silos.SelectMany(static silo => silo.Process.Error.Lines), static line => line.Contains("deserialization constructor", StringComparison.Ordinal));
        foreach (var (tenant, job) in Jobs)
        {
            var client = clientOf(tenant);
            var end = await ClusterJob.EndAsync(client, job);
            Assert.Equal((JobState.Completed, UndisturbedCluster.Documents), (end.State, end.Counters.Stored));
            ExportedPoints.AssertSame(_undisturbed.PointsOf(tenant), await ExportedPoints.ReadAsync(client, UndisturbedCluster.Collection), tenant);
        }
    }

    public ValueTask DisposeAsync() => Cluster.DisposeAsync();

    private static async Task<ProviderReply> AnswerSlowlyAsync(ProviderRequest request, CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(AnswerTime);
        await timer.WaitForNextTickAsync(cancellationToken);
        return ProviderReply.Ok(request);
    }
}

/// <summary>A job at a quarter of its documents, its silo, and another silo on which it is watched when the first one is lost.</summary>
internal sealed class StruckJob : IAsyncDisposable
{
    public const long Quarter = UndisturbedCluster.Documents / 4;

    /// <summary>What the users were promised, on a machine that has the processors that its processes ask for.</summary>
    private static readonly TimeSpan Recovery = TimeSpan.FromSeconds(15);

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
        var allowed = Recovery * ProcessorLoad.PerProcessor;
        Assert.True(took < allowed, $"The job continued only after {took}, not within {allowed}.");
    }

    /// <summary>The same by SIGKILL.</summary>
    public Task AssertGoesOnAfterKillAsync() => AssertGoesOnAfterAsync(() =>
    {
        Victim.Process.Kill();
        return Task.CompletedTask;
    });

    public ValueTask DisposeAsync() => Watch.DisposeAsync();
}
