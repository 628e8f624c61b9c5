using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Quiver.Client;

namespace Quiver.Tests.Conformance.Client;

/// <summary>The client over grains, in one process with its silo.</summary>
public sealed class GrainClientFixture : QuiverClientFixture
{
    private IHost? _host;

    public override IQuiverClient CreateClient(TenantId tenant) => _host!.Services.GetRequiredService<IQuiverClientFactory>().Create(tenant);

    public override async ValueTask InitializeAsync()
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        AddSilo(builder.Services);
        _host = builder.Build();
        await _host.StartAsync(TestContext.Current.CancellationToken);
    }

    private protected override async Task StopAsync()
    {
        await _host!.StopAsync(CancellationToken.None);
        await ((IAsyncDisposable)_host).DisposeAsync();
    }
}
