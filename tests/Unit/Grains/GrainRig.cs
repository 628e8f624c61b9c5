using Microsoft.Extensions.DependencyInjection;
using Orleans;
using Quiver.Core.Chunking;
using Quiver.Core.Collections;
using Quiver.Core.Embedding;
using Quiver.Core.Jobs;
using Quiver.Core.Ledger;
using Quiver.Core.Sources;
using Quiver.Core.Vectors;
using Quiver.GrainInterfaces.Tenants;
using Quiver.Grains;
using Quiver.Tests.Support;

namespace Quiver.Tests.Unit.Grains;

/// <summary>The grains on Orleans, over in-memory ports.</summary>
internal sealed class GrainRig : IAsyncDisposable
{
    private RigRuntime? _runtime;

    private GrainRig()
    {
        Ledger = new MemoryLedger(Faults);
        Store = new MemoryVectorStore(Faults);
    }

    private void AddServices(IServiceCollection services, Action<JobOptions> configure, TimeProvider time, Action<CollectionOptions>? collections)
    {
        services.AddLogging().AddMetrics().AddOptions<JobOptions>().Configure(configure);
        services.AddSingleton(time).AddSingleton(new Random(1));
        services.AddOptions<CollectionOptions>().Configure(collections ?? (static _ => { }));
        services.AddSingleton<ILedger>(Ledger).AddSingleton<IVectorStore>(Store).AddSingleton<IEmbeddingModel>(Model);
        services.AddSingleton<Func<IEmbeddingModel, IChunker>>(_ => new LineChunker()).AddSingleton<ISourceFactory>(Factory);
        services.AddQuiverGrains();
    }

    public FaultSwitch Faults { get; } = new();

    public MemoryLedger Ledger { get; }

    public MemoryVectorStore Store { get; }

    public HashModel Model { get; } = new();

    public ScriptedSourceFactory Factory { get; } = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public IGrainFactory Grains => _runtime!.Grains;

    /// <summary>The grain state of a rig with one silo.</summary>
    public SharedGrainStorage Storage => _runtime!.Storage!;

    public static async Task<GrainRig> StartAsync(
        Action<JobOptions>? configure = null, TimeProvider? time = null, Action<CollectionOptions>? collections = null, int silos = 1)
    {
        var rig = new GrainRig();
        rig.Factory.Sources["/data"] = new ScriptedSource(3);
        rig._runtime = await RigRuntime.StartAsync(
            silos,
            services => rig.AddServices(
                services,
                options =>
                {
                    options.RetryBaseDelay = options.RetryMaxDelay = TimeSpan.FromMilliseconds(1);
                    configure?.Invoke(options);
                },
                time ?? TimeProvider.System,
                collections),
            Token);
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

    public ValueTask DisposeAsync() => _runtime!.DisposeAsync();
}
