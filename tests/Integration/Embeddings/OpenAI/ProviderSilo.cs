using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Quiver.Client;
using Quiver.Silo.Hosting;
using Quiver.Tests.Support;
using Quiver.Tests.Support.Providers;

namespace Quiver.Tests.Integration.Embeddings.OpenAI;

/// <summary>A real silo whose collections use a scripted provider.</summary>
internal sealed class ProviderSilo : IAsyncDisposable
{
    public static readonly CollectionName Docs = CollectionName.Parse("docs");

    private readonly TemporaryFolder _folder = new();
    private Dictionary<string, string?> _settings = [];
    private IHost? _host;

    private ProviderSilo(ScriptedProvider provider) => Provider = provider;

    public ScriptedProvider Provider { get; }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static async Task<ProviderSilo> StartAsync(params (string Name, string Value)[] settings)
    {
        var silo = new ProviderSilo(await ScriptedProvider.StartAsync());
        var values = new Dictionary<string, string?>
        {
            ["Quiver:Jobs:BatchDocuments"] = "16",
            ["Quiver:Jobs:RetryBaseDelay"] = "00:00:00.001",
            ["Quiver:Jobs:RetryMaxDelay"] = "00:00:00.010",
            ["Quiver:Jobs:CheckpointInterval"] = "00:00:00.010",
            ["Quiver:Embedding:DefaultProvider"] = "scripted",
            ["Quiver:Providers:scripted:Preset"] = "vllm",
            ["Quiver:Providers:scripted:BaseAddress"] = silo.Provider.Address,
            ["Quiver:Providers:scripted:Model"] = "scripted",
            ["Quiver:Providers:scripted:Dimensions"] = "8",
            ["Quiver:Providers:scripted:BreakDuration"] = "00:00:00.010",
        };
        foreach (var (name, value) in settings)
        {
            values[name] = value;
        }

        silo._settings = values;
        await silo.StartAsync();
        return silo;
    }

    public IQuiverClient Client(string tenant = "acme") => _host!.Services.GetRequiredService<IQuiverClientFactory>().Create(TenantId.Parse(tenant));

    /// <summary>Writes documents of a few words each, one file per first word.</summary>
    public string Write(int documents, string word = "text") =>
        _folder.Write($"{word}.jsonl", string.Concat(Enumerable.Range(0, documents).Select(i => $$"""{"id":"{{i}}","text":"{{word}} number {{i}} of all"}""" + "\n")));

    public Task<JobStatus> SubmitAsync(
        string path, string tenant = "acme", bool dryRun = false, int? maxInFlight = null, SyncMode sync = SyncMode.Update) => Client(tenant).SubmitAsync(
        new JobSpec
        {
            Tenant = TenantId.Parse(tenant),
            Collection = Docs,
            Source = new SourceSpec { Paths = [path], IdField = "id" },
            Sync = sync,
            DryRun = dryRun,
            MaxInFlight = maxInFlight,
        },
        Token);

    /// <summary>Runs a job to its end.</summary>
    public async Task<JobReport> IngestAsync(string path, string tenant = "acme", bool dryRun = false) => await EndAsync((await SubmitAsync(path, tenant, dryRun)).Id, tenant);

    /// <summary>Follows a job to its end.</summary>
    public async Task<JobReport> EndAsync(JobId job, string tenant = "acme", long after = 0)
    {
        await foreach (var _ in Client(tenant).WatchJobAsync(job, after, Token))
        {
            // Ends with the job.
        }

        return await Client(tenant).GetReportAsync(job, Token);
    }

    public Task<ExportedPoints> ExportAsync(string tenant = "acme") => ExportedPoints.ReadAsync(Client(tenant), Docs);

    /// <summary>Stops the silo and starts another one on its data.</summary>
    public async Task RestartAsync()
    {
        await StopAsync();
        await StartAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        await Provider.DisposeAsync();
        _folder.Dispose();
    }

    private async Task StopAsync()
    {
        if (_host is { } host)
        {
            _host = null;
            await host.StopAsync(CancellationToken.None);
            await ((IAsyncDisposable)host).DisposeAsync();
        }
    }

    private async Task StartAsync()
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        var directory = _folder.At("data");
        Directory.CreateDirectory(directory);
        builder.Services.AddQuiverSilo(new ConfigurationBuilder().AddInMemoryCollection(_settings).Build(), new SiloSettings(directory, RunsJobs: true));
        _host = builder.Build();
        await _host.StartAsync(Token);
    }
}
