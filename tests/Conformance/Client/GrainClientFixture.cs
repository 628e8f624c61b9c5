using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Quiver.Client;

namespace Quiver.Tests.Conformance.Client;

/// <summary>The client over grains, in one process with its silo.</summary>
public sealed class GrainClientFixture() : QuiverClientFixture(silos: 1)
{
    private IHost? _host;

    public override IQuiverClient CreateClient(TenantId tenant) => _host!.Services.GetRequiredService<IQuiverClientFactory>().Create(tenant);

    private protected override async Task StartAsync(IConfiguration configuration) => _host = await StartSiloAsync(configuration);

    private protected override Task StopAsync() => StopAsync(_host!);
}
