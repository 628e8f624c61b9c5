using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Quiver.Client;
using Quiver.Client.Grains;
using Quiver.Pipeline.Embedding;
using Quiver.Silo.Hosting;
using Quiver.Tests.Support;

namespace Quiver.Tests.Conformance.Client;

/// <summary>A real silo on a directory of its own, with a model that the tests control, and a way to talk to it.</summary>
public abstract class QuiverClientFixture : IAsyncLifetime
{
    private readonly TemporaryFolder _folder = new();
    private int _names;

    internal GatedModel Model { get; } = new();

    private protected IConfiguration Configuration { get; } = new ConfigurationBuilder()
        .AddInMemoryCollection(new Dictionary<string, string?>
        {
            // One document a batch, so that a job has as many steps as documents.
            ["Quiver:Jobs:BatchDocuments"] = "1",
            ["Quiver:Jobs:CheckpointInterval"] = "00:00:00.010",
            ["Quiver:Jobs:RetryBaseDelay"] = "00:00:00.001",
        })
        .Build();

    /// <summary>A tenant's client.</summary>
    public abstract IQuiverClient CreateClient(TenantId tenant);

    /// <summary>Breaks every connection there is, where there are connections.</summary>
    public virtual void CutConnections()
    {
    }

    /// <summary>A name that no other test has.</summary>
    public string NewName(string prefix) => $"{prefix}-{Interlocked.Increment(ref _names)}";

    public abstract ValueTask InitializeAsync();

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        Model.Open();
        await StopAsync();
        _folder.Dispose();
    }

    /// <summary>Writes a file of JSON lines.</summary>
    internal string Write(IEnumerable<string> lines) => _folder.Write($"{NewName("source")}/data.jsonl", string.Join('\n', lines) + "\n");

    private protected abstract Task StopAsync();

    private protected void AddSilo(IServiceCollection services)
    {
        var directory = _folder.At("data");
        Directory.CreateDirectory(directory);
        services.AddSingleton<IEmbeddingModel>(Model);
        services.AddQuiverSilo(Configuration, new SiloSettings(directory, RunsJobs: true));

        // A watch that waits for its quiet period would only make the tests slow.
        services.Configure<GrainClientOptions>(static options => options.WatchQuietPeriod = TimeSpan.FromMilliseconds(100));
    }
}
