using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using Orleans.Storage;
using Quiver.Core.Chunking;
using Quiver.Core.Collections;
using Quiver.Core.Consistency;
using Quiver.Core.Documents;
using Quiver.Core.Embedding;
using Quiver.Core.Embedding.Budgets;
using Quiver.Core.Embedding.Metering;
using Quiver.Core.Formats;
using Quiver.Core.Jobs;
using Quiver.Core.Ledger;
using Quiver.Core.Resilience;
using Quiver.Core.Search;
using Quiver.Core.Vectors;
using Quiver.Grains.Collections;
using Quiver.Grains.Jobs;
using Quiver.Grains.Providers;
using Quiver.Grains.Workers;

namespace Quiver.Grains;

/// <summary>Registers the grains' services.</summary>
public static class GrainServiceCollectionExtensions
{
    /// <summary>
    /// Adds the plain classes behind the grains. The host adds the ports (<see cref="ILedger"/>, <see cref="IVectorStore"/>, sources,
    /// <see cref="IEmbeddingModel"/> or an <see cref="IEmbeddingModelCatalog"/>), a <see cref="TimeProvider"/> and a <see cref="Random"/>.
    /// </summary>
    public static IServiceCollection AddQuiverGrains(this IServiceCollection services)
    {
        services.TryAddSingleton<IGrainStorageSerializer, GrainStateSerializer>();
        services.TryAddSingleton<JobInstruments>();
        services.TryAddSingleton<JobLifetime>();
        services.TryAddSingleton<JobServices>();
        services.AddOptions<CollectionOptions>();
        services.TryAddSingleton<DeletionClock>();
        services.TryAddSingleton<CollectionServices>();
        services.TryAddSingleton<BatchScheduler>();
        services.TryAddSingleton<IEmbeddingModelCatalog>(provider => EmbeddingModelCatalog.Of(provider.GetRequiredService<IEmbeddingModel>()));
        services.TryAddSingleton<Func<IEmbeddingModel, IChunker>>(_ => model => new StructuralChunker(model.Tokenizer));
        services.TryAddSingleton<IBudgetLessor, GrainBudgetLessor>();
        services.TryAddSingleton<ProviderProbe>();
        services.TryAddSingleton<IModelProbes, GrainModelProbes>();
        services.TryAddSingleton<ModelCheck>();
        services.TryAddSingleton<UsageMeters>();
        services.TryAddSingleton(provider => new BatchProcessors(
            provider.GetRequiredService<ILedger>(),
            provider.GetRequiredService<IVectorStore>(),
            provider.GetRequiredService<IEmbeddingModelCatalog>(),
            provider.GetRequiredService<Func<IEmbeddingModel, IChunker>>(),
            provider.GetRequiredService<UsageMeters>(),
            provider.GetRequiredService<ModelCheck>(),
            provider.GetRequiredService<IOptions<JobOptions>>().Value,
            provider.GetRequiredService<TimeProvider>()));
        services.TryAddSingleton<CollectionSearch>();
        services.TryAddSingleton<CollectionFacets>();
        services.TryAddSingleton<CollectionExport>();
        services.TryAddSingleton<CollectionVerifier>();
        services.TryAddSingleton<CollectionChunks>();
        services.TryAddSingleton(provider => new ChunkPreviewer(
            provider.GetRequiredService<FormatRegistry>(),
            provider.GetRequiredService<IEmbeddingModelCatalog>(),
            provider.GetRequiredService<Func<IEmbeddingModel, IChunker>>(),
            provider.GetRequiredService<IOptions<JobOptions>>().Value));
        services.TryAddSingleton<IJobLedger>(provider => provider.GetRequiredService<ILedger>());
        return services;
    }
}
