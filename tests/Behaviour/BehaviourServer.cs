using System.Diagnostics.Metrics;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Quiver.Client;
using Quiver.Client.Http;
using Quiver.Silo.DataDirectory;
using Quiver.Silo.Hosting;
using Quiver.Silo.Serving;
using Quiver.Tests.Support;

namespace Quiver.Tests.Behaviour;

/// <summary>One real server with everything in it, for all tests that need no process of their own; each takes a tenant for itself.</summary>
public sealed class BehaviourServer : IAsyncLifetime
{
    private readonly TemporaryFolder _folder = new();
    private DataDirectoryLock? _directory;
    private QuiverServer? _server;
    private HttpQuiverClientFactory? _clients;
    private HttpClient? _http;
    private int _tenants;

    public HttpClient Http => _http!;

    internal string Data => _folder.At("data");

    public IQuiverClient ClientOf(string tenant) => _clients!.Create(TenantId.Parse(tenant));

    /// <summary>A tenant that no other test uses.</summary>
    internal BehaviourTenant NewTenant()
    {
        var name = $"tenant-{Interlocked.Increment(ref _tenants)}";
        return new(this, name, Directory.CreateDirectory(_folder.At(name)).FullName);
    }

    internal WorkMeter Measure() => new(_server!.Services.GetRequiredService<IMeterFactory>());

    public async ValueTask InitializeAsync()
    {
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection([new("Quiver:Jobs:MaxRunningPerTenant", "1"), new("Quiver:Jobs:CheckpointInterval", "00:00:00.100")])
            .Build();
        var token = TestContext.Current.CancellationToken;
        _directory = await DataDirectoryLock.AcquireAsync(Data, "quiver serve", TimeProvider.System, token);
        _server = QuiverServer.Create(new()
        {
            Configuration = configuration,
            Directory = _directory,
            AddSilo = services => services.AddQuiverSilo(configuration, new SiloSettings(Data, RunsJobs: true)),
            Configure = static options => options.Urls = ["http://127.0.0.1:0"],
            Logging = static logging => logging.SetMinimumLevel(LogLevel.None),
        });
        await _server.StartAsync(token);
        _clients = new(new() { BaseAddress = _server.LocalAddress }, TimeProvider.System, Random.Shared);
        _http = new() { BaseAddress = _server.LocalAddress };
    }

    public async ValueTask DisposeAsync()
    {
        _http?.Dispose();
        _clients?.Dispose();
        if (_server is not null)
        {
            await _server.StopAsync();
            await _server.DisposeAsync();
        }

        if (_directory is not null)
        {
            await _directory.DisposeAsync();
        }

        _folder.Dispose();
    }
}
