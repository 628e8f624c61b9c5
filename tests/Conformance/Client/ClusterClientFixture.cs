using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;
using Quiver.Client;
using Quiver.Tests.Cluster;

namespace Quiver.Tests.Conformance.Client;

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
