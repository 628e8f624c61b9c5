using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Quiver.Client;
using Quiver.Client.Cluster;

namespace Quiver.Tests.Cluster;

/// <summary>A .NET program that talks to the cluster.</summary>
internal sealed class ClusterClient : IAsyncDisposable
{
    private readonly IHost _host;

    private ClusterClient(IHost host) => _host = host;

    public static async Task<ClusterClient> ConnectAsync(SharedServices services)
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddQuiverClusterClient(options =>
        {
            options.ConnectionString = services.Postgres.ConnectionString;
            options.GatewayListRefreshPeriod = TimeSpan.FromSeconds(1);
        });
        var host = builder.Build();
        await host.StartAsync(TestContext.Current.CancellationToken);
        return new(host);
    }

    public IQuiverClient Of(string tenant) => _host.Services.GetRequiredService<IQuiverClientFactory>().Create(TenantId.Parse(tenant));

    public async ValueTask DisposeAsync()
    {
        await _host.StopAsync(CancellationToken.None);
        await ((IAsyncDisposable)_host).DisposeAsync();
    }
}

/// <summary>Following a job.</summary>
internal static class ClusterJob
{
    /// <summary>How long a job can have no event: one that has events makes progress, however loaded the machine is.</summary>
    private static readonly TimeSpan MaxSilence = TimeSpan.FromMinutes(3);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>Waits for the end.</summary>
    public static async Task<JobStatus> EndAsync(IQuiverClient client, JobId job)
    {
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(Token);
        timeout.CancelAfter(MaxSilence);
        await foreach (var change in client.WatchJobAsync(job, 0, timeout.Token))
        {
            if (change.State.IsFinal())
            {
                break;
            }

            timeout.CancelAfter(MaxSilence);
        }

        return await client.GetJobAsync(job, Token);
    }
}
