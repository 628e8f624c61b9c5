using Quiver.Adapters.Storage.Postgres;
using Quiver.Cli.Sessions;
using Quiver.Client;
using Quiver.Client.Cluster;
using Quiver.Client.Http;
using Quiver.Silo.DataDirectory;
using Quiver.Silo.Hosting;
using Quiver.Silo.Options;
using Quiver.Silo.Telemetry;

namespace Quiver.Silo.Sessions;

/// <summary>A command that uses a server.</summary>
internal sealed class ServerSession : IClientSession
{
    private readonly HttpQuiverClientFactory _clients;
    private readonly Uri _address;

    public ServerSession(Uri address, TenantId tenant)
    {
        _address = ServerCredentials.Strip(address);
        var options = new QuiverHttpClientOptions { BaseAddress = address, Tenant = tenant.Value };
        _clients = new HttpQuiverClientFactory(options, TimeProvider.System, Random.Shared);
        Client = _clients.Create(tenant);
    }

    public IQuiverClient Client { get; }

    public bool RunsJobsElsewhere => true;

    public string Where => $"the server at {_address.GetLeftPart(UriPartial.Authority)}";

    public Task DrainAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public ValueTask DisposeAsync()
    {
        _clients.Dispose();
        return ValueTask.CompletedTask;
    }
}

/// <summary>A command on a silo in this process.</summary>
internal sealed class SiloSession : IClientSession
{
    private readonly InProcessSilo _silo;
    private readonly string _directory;

    private SiloSession(InProcessSilo silo, string directory, TenantId tenant)
    {
        _silo = silo;
        _directory = directory;
        Client = silo.Clients.Create(tenant);
    }

    public IQuiverClient Client { get; }

    public bool RunsJobsElsewhere => false;

    public string Where => $"this process, data in {_directory}";

    /// <summary>Takes the data directory and starts a silo on it.</summary>
    public static async Task<IClientSession> OpenAsync(
        string directory, IConfiguration configuration, SessionRequest request, TimeProvider time, CancellationToken cancellationToken)
    {
        var held = await DataDirectoryLock.AcquireAsync(directory, request.Purpose, request.RunsJobs, time, cancellationToken);
        var logLevel = request.Verbose ? LogLevel.Debug : LogLevel.Critical;
        var silo = await InProcessSilo.StartAsync(held, configuration, request.RunsJobs, logLevel, cancellationToken);
        return new SiloSession(silo, directory, request.Tenant);
    }

    public Task DrainAsync(CancellationToken cancellationToken) => _silo.DrainAsync(cancellationToken);

    public ValueTask DisposeAsync() => _silo.DisposeAsync();
}

/// <summary>A command that uses the silos of a cluster.</summary>
internal sealed class ClusterSession : IClientSession
{
    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(10);

    private readonly IHost _host;
    private readonly string _cluster;

    private ClusterSession(IHost host, string cluster, TenantId tenant)
    {
        _host = host;
        _cluster = cluster;
        Client = host.Services.GetRequiredService<IQuiverClientFactory>().Create(tenant);
    }

    public IQuiverClient Client { get; }

    public bool RunsJobsElsewhere => true;

    public string Where => $"the cluster '{_cluster}'";

    /// <summary>Connects to a cluster.</summary>
    /// <param name="configuration">The settings of a silo, of which those that identify the cluster are read.</param>
    /// <param name="request">What the command needs.</param>
    /// <param name="cancellationToken">Stops connecting.</param>
    /// <exception cref="TransientException">With <see cref="ErrorCodes.ServerUnavailable"/>: no silo answers.</exception>
    public static async Task<IClientSession> OpenAsync(IConfiguration configuration, SessionRequest request, CancellationToken cancellationToken)
    {
        IHost? host = null;
        var clusterId = "";
        try
        {
            var cluster = SettingSections.Read<ClusterOptions>(configuration);
            var database = SettingSections.Read<PostgresClusterOptions>(configuration);
            clusterId = cluster.ClusterId;
            var builder = Host.CreateEmptyApplicationBuilder(null);
            builder.Logging.AddQuiverLogging(configuration, toStandardError: true, request.Verbose ? LogLevel.Debug : LogLevel.Critical);
            builder.Services.AddQuiverClusterClient(client =>
            {
                client.ConnectionString = database.ConnectionString;
                client.Schema = database.Schema;
                client.ClusterId = cluster.ClusterId;
                client.ServiceId = cluster.ServiceId;
                client.ConnectTimeout = ConnectTimeout;
            });
            host = builder.Build();
            await host.StartAsync(cancellationToken);
            return new ClusterSession(host, clusterId, request.Tenant);
        }
        catch (Exception exception)
        {
            if (host is not null)
            {
                await ((IAsyncDisposable)host).DisposeAsync();
            }

            if (SettingsValidation.Describe(exception) is { } message)
            {
                throw SettingsValidation.Invalid(message, exception);
            }

            if (exception is OperationCanceledException)
            {
                throw;
            }

            throw new TransientException(
                ErrorCodes.ServerUnavailable,
                $"No silo of the cluster '{clusterId}' answers: start one with quiver serve, or name a server with --server URL. {exception.Message}",
                exception);
        }
    }

    public Task DrainAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        await _host.StopAsync(CancellationToken.None);
        await ((IAsyncDisposable)_host).DisposeAsync();
    }
}
