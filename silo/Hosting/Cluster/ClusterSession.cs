using Quiver.Adapters.Storage.Postgres;
using Quiver.Cli.Sessions;
using Quiver.Client;
using Quiver.Client.Cluster;
using Quiver.Silo.Options;
using Quiver.Silo.Telemetry;

namespace Quiver.Silo.Hosting.Cluster;

/// <summary>A command that talks to the silos of a cluster.</summary>
internal sealed class ClusterSession : IClientSession
{
    private static readonly TimeSpan LongestConnect = TimeSpan.FromSeconds(10);

    private readonly IHost _host;
    private readonly string _cluster;

    private ClusterSession(IHost host, string cluster, TenantId tenant)
    {
        _host = host;
        _cluster = cluster;
        Client = host.Services.GetRequiredService<IQuiverClientFactory>().Create(tenant);
    }

    public IQuiverClient Client { get; }

    public bool IsServer => true;

    public string Where => $"the cluster '{_cluster}'";

    /// <summary>Connects.</summary>
    /// <param name="configuration">The settings of a silo; what says which cluster counts.</param>
    /// <param name="request">What the command needs.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public static async Task<IClientSession> OpenAsync(IConfiguration configuration, SessionRequest request, CancellationToken cancellationToken)
    {
        var cluster = configuration.GetSection(ClusterOptions.Section).Get<ClusterOptions>() ?? new ClusterOptions();
        var database = configuration.GetSection(PostgresClusterOptions.Section).Get<PostgresClusterOptions>() ?? new PostgresClusterOptions();
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Logging.AddQuiverLogging(configuration, toStandardError: true, request.Verbose ? LogLevel.Debug : LogLevel.Critical);
        builder.Services.AddQuiverClusterClient(client =>
        {
            client.ConnectionString = database.ConnectionString;
            client.Schema = database.Schema;
            client.ClusterId = cluster.ClusterId;
            client.ServiceId = cluster.ServiceId;
            client.ConnectTimeout = LongestConnect;
        });
        var host = builder.Build();
        try
        {
            await host.StartAsync(cancellationToken);
            return new ClusterSession(host, cluster.ClusterId, request.Tenant);
        }
        catch (Exception e) when (SettingsValidation.Describe(e) is { } what)
        {
            await ((IAsyncDisposable)host).DisposeAsync();
            throw SettingsValidation.Invalid(what, e);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            await ((IAsyncDisposable)host).DisposeAsync();
            throw new TransientException(
                ErrorCodes.ServerUnavailable, $"No silo of the cluster '{cluster.ClusterId}' answers: start one with quiver serve, or name a server with --server URL. {e.Message}", e);
        }
        catch
        {
            await ((IAsyncDisposable)host).DisposeAsync();
            throw;
        }
    }

    public Task DrainAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        await _host.StopAsync(CancellationToken.None);
        await ((IAsyncDisposable)_host).DisposeAsync();
    }
}
