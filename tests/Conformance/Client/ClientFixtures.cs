using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Quiver.Client;
using Quiver.Client.Http;
using Quiver.Silo.Serving;
using Quiver.Tests.Cluster;
using Quiver.Tests.Support;

namespace Quiver.Tests.Conformance.Client;

/// <summary>The client over grains, in one process with its silo.</summary>
public sealed class GrainClientFixture() : QuiverClientFixture(silos: 1)
{
    private IHost? _host;

    public override IQuiverClient CreateClient(TenantId tenant) => _host!.Services.GetRequiredService<IQuiverClientFactory>().Create(tenant);

    private protected override async Task StartAsync(IConfiguration configuration) => _host = await StartSiloAsync(configuration);

    private protected override Task StopAsync() => StopAsync(_host!);
}

/// <summary>The client that .NET programs use, outside of the silos.</summary>
public sealed class ClusterClientFixture() : QuiverClientFixture(silos: 2)
{
    private IHost? _silo;
    private ClusterClient? _client;

    public override IQuiverClient CreateClient(TenantId tenant) => _client!.Of(tenant.Value);

    private protected override async Task StartAsync(IConfiguration configuration)
    {
        _silo = await StartSiloAsync(configuration);
        _client = await ClusterClient.ConnectAsync(Services);
    }

    private protected override async Task StopAsync()
    {
        await _client!.DisposeAsync();
        await StopAsync(_silo!);
    }
}

/// <summary>The client over HTTP, through a proxy that can cut its connections.</summary>
/// <param name="silos">1 for the single profile, more for a cluster of this size.</param>
public abstract class HttpClientFixture(int silos) : QuiverClientFixture(silos)
{
    private QuiverServer? _server;
    private CuttingProxy? _proxy;
    private HttpQuiverClientFactory? _clients;

    public override IQuiverClient CreateClient(TenantId tenant) => _clients!.Create(tenant);

    public override void CutConnections() => _proxy!.CutAll();

    private protected override async Task StartAsync(IConfiguration configuration)
    {
        _server = QuiverServer.Create(new()
        {
            Configuration = configuration,
            AddSilo = services => AddSilo(services, configuration),
            Configure = static options => options.Urls = ["http://127.0.0.1:0"],
            Logging = static logging => logging.SetMinimumLevel(LogLevel.None),
        });
        await _server.StartAsync(TestContext.Current.CancellationToken);
        _proxy = new CuttingProxy(_server.LocalAddress);
        _clients = new HttpQuiverClientFactory(
            new() { BaseAddress = _proxy.Address, RetryBaseDelay = TimeSpan.FromMilliseconds(5), RetryMaxDelay = TimeSpan.FromMilliseconds(100) },
            TimeProvider.System,
            Random.Shared);
    }

    private protected override async Task StopAsync()
    {
        _clients!.Dispose();
        await _proxy!.DisposeAsync();
        await _server!.StopAsync();
        await _server.DisposeAsync();
    }
}

/// <summary>The client over HTTP, before a single silo.</summary>
public sealed class SingleHttpClientFixture() : HttpClientFixture(silos: 1);

/// <summary>The client over HTTP, before two silos of a cluster.</summary>
public sealed class ClusterHttpClientFixture() : HttpClientFixture(silos: 2);
