using Microsoft.Extensions.DependencyInjection;
using Orleans;
using Quiver.Embedded.Hosting;
using Quiver.GrainInterfaces.Tenants;
using Quiver.Grains;
using Quiver.Grains.Collections;
using Quiver.Grains.Jobs;
using Quiver.Grains.Providers;
using Quiver.Grains.Tenants;
using Quiver.Grains.Workers;
using Quiver.Pipeline.Chunking;
using Quiver.Pipeline.Collections;
using Quiver.Pipeline.Embedding;
using Quiver.Pipeline.Jobs;
using Quiver.Pipeline.Ledger;
using Quiver.Pipeline.Sources;
using Quiver.Pipeline.Vectors;
using Quiver.Tests.Support;

namespace Quiver.Tests.Unit.Grains;

/// <summary>The grains on the embedded runtime, over in-memory ports.</summary>
internal sealed class GrainRig : IAsyncDisposable
{
    private readonly ServiceProvider _services;

    private GrainRig(Action<JobOptions> configure, TimeProvider time, Action<CollectionOptions>? collections)
    {
        Ledger = new MemoryLedger(Faults);
        Store = new MemoryVectorStore(Faults);
        var services = new ServiceCollection();
        services.AddLogging().AddMetrics().AddOptions<JobOptions>().Configure(configure);
        services.AddSingleton(time).AddSingleton(new Random(1));
        services.AddOptions<CollectionOptions>().Configure(collections ?? (static _ => { }));
        services.AddSingleton<ILedger>(Ledger).AddSingleton<IVectorStore>(Store).AddSingleton<IEmbeddingModel>(Model);
        services.AddSingleton<Func<IEmbeddingModel, IChunker>>(_ => new LineChunker()).AddSingleton<ISourceFactory>(Factory);
        services.AddQuiverGrains();
        services.AddEmbeddedOrleans(silo => silo
            .AddMemoryGrainStorage(StreamNames.GrainStorage)
            .AddStreams(StreamNames.Provider)
            .AddGrain<IngestionJobGrain>()
            .AddGrain<EmbeddingWorkerGrain>()
            .AddGrain<CollectionGrain>()
            .AddGrain<CollectionQueryGrain>()
            .AddGrain<VectorCollectionGrain>()
            .AddGrain<ProviderBudgetGrain>()
            .AddGrain<ProviderQueryGrain>()
            .AddGrain<TenantGrain>()
            .AddGrain<TenantQueryGrain>());
        _services = services.BuildServiceProvider();
    }

    public FaultSwitch Faults { get; } = new();

    public MemoryLedger Ledger { get; }

    public MemoryVectorStore Store { get; }

    public HashModel Model { get; } = new();

    public ScriptedSourceFactory Factory { get; } = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public IGrainFactory Grains => _services.GetRequiredService<IGrainFactory>();

    public static async Task<GrainRig> StartAsync(
        Action<JobOptions>? configure = null, TimeProvider? time = null, Action<CollectionOptions>? collections = null)
    {
        var rig = new GrainRig(options =>
        {
            options.RetryBaseDelay = options.RetryMaxDelay = TimeSpan.FromMilliseconds(1);
            configure?.Invoke(options);
        }, time ?? TimeProvider.System, collections);
        rig.Factory.Sources["/data"] = new ScriptedSource(3);
        await rig._services.GetRequiredService<EmbeddedSilo>().StartAsync(Token);
        return rig;
    }

    public IIngestionJobGrain Job(string id) => Grains.GetGrain<IIngestionJobGrain>($"acme/{id}");

    public ITenantGrain Tenant() => Grains.GetGrain<ITenantGrain>("acme");

    public ITenantQueryGrain Queries() => Grains.GetGrain<ITenantQueryGrain>("acme");

    public ICollectionGrain Collection(string name = "docs") => Grains.GetGrain<ICollectionGrain>($"acme/{name}");

    /// <summary>Waits until a job is in a state and the ledger knows.</summary>
    public async Task<JobStatus> UntilAsync(string id, JobState state)
    {
        JobStatus? status = null;
        await Patience.UntilAsync(() => (status = Find(id))?.State == state, $"job {id} is {state}");
        return status!;
    }

    public JobStatus? Find(string id) => Ledger.FindJobAsync(JobKey.Parse($"acme/{id}"), Token).GetAwaiter().GetResult();

    public async ValueTask DisposeAsync()
    {
        await _services.GetRequiredService<EmbeddedSilo>().StopAsync(CancellationToken.None);
        await _services.DisposeAsync();
    }
}
