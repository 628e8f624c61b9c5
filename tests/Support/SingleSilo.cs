using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans;
using Orleans.Hosting;
using Quiver.Silo.Hosting;

namespace Quiver.Tests.Support;

/// <summary>An Orleans silo on its own in this process, as in the single profile: it starts in a tenth of a second and opens no socket.</summary>
internal sealed class SingleSilo : IAsyncDisposable
{
    private readonly IHost _host;

    private SingleSilo(IHost host) => _host = host;

    public IClusterClient Client => Services.GetRequiredService<IClusterClient>();

    public IServiceProvider Services => _host.Services;

    public static async Task<SingleSilo> StartAsync(Action<ISiloBuilder> configure, CancellationToken cancellationToken)
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Logging.ClearProviders();
        builder.Services.AddOrleans(silo => configure(silo.UseSingleSilo()));
        var host = builder.Build();
        await host.StartAsync(cancellationToken);
        return new(host);
    }

    public Task StopAsync() => _host.StopAsync(CancellationToken.None);

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        await ((IAsyncDisposable)_host).DisposeAsync();
    }
}
