using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Quiver.Client;
using Quiver.Silo.Hosting;

namespace Quiver.Tests.Integration.EndToEnd;

/// <summary>A real silo of the settings that users would give, on a data directory that outlives it.</summary>
internal sealed class StormSilo : IAsyncDisposable
{
    private readonly IHost _host;

    private StormSilo(ThreeServices services, string data)
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(services.StormSettings.Select(static setting => KeyValuePair.Create(setting.Key, (string?)setting.Value))).Build();
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddQuiverSilo(configuration, new SiloSettings(Directory.CreateDirectory(data).FullName, RunsJobs: true));
        _host = builder.Build();
    }

    public IQuiverClient Client => _host.Services.GetRequiredService<IQuiverClientFactory>().Create(StormJob.Tenant);

    public static async Task<StormSilo> StartAsync(ThreeServices services, string data)
    {
        var silo = new StormSilo(services, data);
        await silo._host.StartAsync(TestContext.Current.CancellationToken);
        return silo;
    }

    public async ValueTask DisposeAsync()
    {
        await _host.StopAsync(CancellationToken.None);
        await ((IAsyncDisposable)_host).DisposeAsync();
    }
}
