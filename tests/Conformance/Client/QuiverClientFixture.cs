using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Quiver.Client;
using Quiver.Client.Grains;
using Quiver.Core.Embedding;
using Quiver.Silo.Hosting;
using Quiver.Tests.Cluster;
using Quiver.Tests.Support;

namespace Quiver.Tests.Conformance.Client;

/// <summary>Real silos, each with its own data directory and a model that the tests control, and clients of them.</summary>
/// <param name="silos">1 for the single profile, more for a cluster of this size.</param>
public abstract class QuiverClientFixture(int silos) : IAsyncLifetime
{
    private readonly TemporaryFolder _folder = new();
    private readonly List<IHost> _others = [];
    private SharedServices? _services;
    private int _names;
    private int _silos;

    internal GatedModel Model { get; } = new();

    /// <summary>What the silos of a cluster share.</summary>
    private protected SharedServices Services => _services ?? throw new InvalidOperationException("A single silo shares nothing.");

    /// <summary>Whether vectors are in the embedded index, which keeps no replicas.</summary>
    public bool HasEmbeddedIndex => silos == 1;

    /// <summary>A tenant's client.</summary>
    public abstract IQuiverClient CreateClient(TenantId tenant);

    /// <summary>Breaks every connection there is, where there are connections.</summary>
    public virtual void CutConnections()
    {
    }

    /// <summary>A name that no other test has.</summary>
    public string NewName(string prefix) => $"{prefix}-{Interlocked.Increment(ref _names)}";

    public async ValueTask InitializeAsync()
    {
        if (silos > 1)
        {
            _services = await SharedServices.StartAsync();
        }

        await StartAsync(NewConfiguration());
        for (var other = 1; other < silos; other++)
        {
            _others.Add(await StartSiloAsync());
        }
    }

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        Model.Open();
        await StopAsync();
        foreach (var other in _others)
        {
            await StopAsync(other);
        }

        if (_services is not null)
        {
            await _services.DisposeAsync();
        }

        _folder.Dispose();
    }

    /// <summary>Writes a file of JSON lines.</summary>
    internal string Write(IEnumerable<string> lines) => _folder.Write($"{NewName("source")}/data.jsonl", string.Join('\n', lines) + "\n");

    /// <summary>Starts what the clients talk to.</summary>
    /// <param name="configuration">The settings of a silo.</param>
    private protected abstract Task StartAsync(IConfiguration configuration);

    private protected abstract Task StopAsync();

    /// <summary>Starts a silo without a web server.</summary>
    private protected Task<IHost> StartSiloAsync() => StartSiloAsync(NewConfiguration());

    private protected async Task<IHost> StartSiloAsync(IConfiguration configuration)
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        AddSilo(builder.Services, configuration);
        var host = builder.Build();
        await host.StartAsync(TestContext.Current.CancellationToken);
        return host;
    }

    private protected static async Task StopAsync(IHost host)
    {
        await host.StopAsync(CancellationToken.None);
        await ((IAsyncDisposable)host).DisposeAsync();
    }

    private protected void AddSilo(IServiceCollection services, IConfiguration configuration)
    {
        var directory = _folder.At($"data-{Interlocked.Increment(ref _silos)}");
        Directory.CreateDirectory(directory);
        services.AddSingleton<IEmbeddingModel>(Model);
        services.AddQuiverSilo(configuration, new SiloSettings(directory, RunsJobs: true));

        // A watch that waits for its quiet period would only make the tests slow.
        services.Configure<GrainClientOptions>(static options => options.WatchQuietPeriod = TimeSpan.FromMilliseconds(500));
    }

    private IConfiguration NewConfiguration() => new ConfigurationBuilder()
        .AddInMemoryCollection(_services?.NextPlace().Settings ?? [])
        .AddInMemoryCollection(new Dictionary<string, string?>
        {
            // One document a batch, so that a job has as many steps as documents.
            ["Quiver:Jobs:BatchDocuments"] = "1",
            ["Quiver:Jobs:CheckpointInterval"] = "00:00:00.010",
            ["Quiver:Jobs:RetryBaseDelay"] = "00:00:00.001",
        })
        .Build();
}
