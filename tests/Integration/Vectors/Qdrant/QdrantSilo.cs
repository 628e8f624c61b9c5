using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Quiver.Client;
using Quiver.Client.Grains;
using Quiver.Core.Embedding;
using Quiver.Silo.Hosting;
using Quiver.Tests.Conformance.Client;
using Quiver.Tests.Support;
using Quiver.Tests.Support.Qdrant;

namespace Quiver.Tests.Integration.Vectors.Qdrant;

/// <summary>A real silo whose points are on a stand-in; everything else is production code.</summary>
internal sealed class QdrantSilo : IAsyncDisposable
{
    private readonly TemporaryFolder _folder;
    private readonly bool _ownsFolder;
    private readonly IHost _host;
    private int _sources;

    private QdrantSilo(QdrantStandIn server, TimeProvider? time, TemporaryFolder? folder, IEnumerable<KeyValuePair<string, string?>> settings, IEmbeddingModel? model = null)
    {
        (_folder, _ownsFolder) = (folder ?? new(), folder is null);
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection(
            [
                new("Quiver:Vectors:Store", "qdrant"),
                new("Quiver:Qdrant:Address", server.Address),
                new("Quiver:Qdrant:RestAddress", server.RestAddress),
                new("Quiver:Qdrant:ReadTimeout", "00:00:01"),
                new("Quiver:Qdrant:WriteTimeout", "00:00:01"),
                new("Quiver:Qdrant:AdminTimeout", "00:00:01"),
                new("Quiver:Qdrant:RetryBaseDelay", "00:00:00.001"),
                new("Quiver:Jobs:BatchDocuments", "5"),
                new("Quiver:Jobs:UpsertPoints", "7"),
                new("Quiver:Jobs:CheckpointInterval", "00:00:00.010"),
                new("Quiver:Jobs:RetryBaseDelay", "00:00:00.001"),
                new("Quiver:Jobs:RetryMaxDelay", "00:00:00.020"),
                new("Quiver:Jobs:MaxAttempts", "100"),
                .. settings,
            ])
            .Build();
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddSingleton(model ?? new GatedModel());
        builder.Services.AddQuiverSilo(configuration, new SiloSettings(Directory.CreateDirectory(_folder.At("data")).FullName, RunsJobs: true));
        if (time is not null)
        {
            builder.Services.AddSingleton(time);
        }

        builder.Services.Configure<GrainClientOptions>(static options => options.WatchQuietPeriod = TimeSpan.FromMilliseconds(200));
        _host = builder.Build();
        Client = _host.Services.GetRequiredService<IQuiverClientFactory>().Create(TenantId.Parse("acme"));
    }

    public static CollectionName Docs { get; } = CollectionName.Parse("docs");

    public IQuiverClient Client { get; }

    public IServiceProvider Services => _host.Services;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static async Task<QdrantSilo> StartAsync(QdrantStandIn server, TimeProvider? time = null, params IEnumerable<KeyValuePair<string, string?>> settings)
    {
        var silo = new QdrantSilo(server, time, null, settings);
        await silo._host.StartAsync(Token);
        return silo;
    }

    /// <summary>Starts with the test's model.</summary>
    public static async Task<QdrantSilo> StartWithAsync(QdrantStandIn server, IEmbeddingModel model)
    {
        var silo = new QdrantSilo(server, null, null, [], model);
        await silo._host.StartAsync(Token);
        return silo;
    }

    /// <summary>Starts on a folder that outlives the silo.</summary>
    public static async Task<QdrantSilo> StartOnAsync(TemporaryFolder folder, QdrantStandIn server, params IEnumerable<KeyValuePair<string, string?>> settings)
    {
        var silo = new QdrantSilo(server, null, folder, settings);
        await silo._host.StartAsync(Token);
        return silo;
    }

    /// <summary>Records of several lines, so that each has several points.</summary>
    public static IEnumerable<string> Records(int count, string version = "first") => Enumerable.Range(0, count).Select(
        at => $$"""{"id":"d{{at}}","text":"{{string.Join("\\n\\n", Enumerable.Range(0, 1 + (at % 4)).Select(part => $"{version} number{at} part{part} " + string.Join(' ', Enumerable.Range(0, 40).Select(word => $"w{(at * 7) + word}"))))}}","kind":"k{{at % 3}}"}""");

    public Task<JobStatus> SubmitAsync(IEnumerable<string> records, SyncMode sync = SyncMode.Update) => Client.SubmitAsync(
        new()
        {
            Tenant = Client.Tenant,
            Collection = Docs,
            Source = new() { Paths = [_folder.Write($"source{_sources++}/data.jsonl", string.Join('\n', records) + "\n")], IdField = "id", Name = "records" },
            Sync = sync,
            MaxInFlight = 4,
        },
        Token);

    public async Task<JobStatus> IngestAsync(IEnumerable<string> records, SyncMode sync = SyncMode.Update) => await EndAsync((await SubmitAsync(records, sync)).Id);

    /// <summary>Follows a job to its end.</summary>
    public async Task<JobStatus> EndAsync(JobId job)
    {
        await foreach (var change in Client.WatchJobAsync(job, 0, Token))
        {
            _ = change;
        }

        return await Client.GetJobAsync(job, Token);
    }

    /// <summary>Follows a job until it is in a state.</summary>
    public async Task<JobEvent> UntilAsync(JobId job, JobState state)
    {
        await foreach (var change in Client.WatchJobAsync(job, 0, Token))
        {
            if (change.State == state && change.Kind == JobEventKind.StateChanged)
            {
                return change;
            }
        }

        throw new InvalidOperationException($"Job {job} ended before it was {state}.");
    }

    public async ValueTask DisposeAsync()
    {
        await _host.StopAsync(CancellationToken.None);
        await ((IAsyncDisposable)_host).DisposeAsync();
        if (_ownsFolder)
        {
            _folder.Dispose();
        }
    }
}
