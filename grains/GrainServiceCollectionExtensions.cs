using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using Quiver.Grains.Collections;
using Quiver.Grains.Jobs;
using Quiver.Grains.Workers;
using Quiver.Pipeline.Batches;
using Quiver.Pipeline.Chunking;
using Quiver.Pipeline.Collections;
using Quiver.Pipeline.Embedding;
using Quiver.Pipeline.Jobs;
using Quiver.Pipeline.Ledger;
using Quiver.Pipeline.Vectors;

namespace Quiver.Grains;

/// <summary>Registers what the grains stand on.</summary>
public static class GrainServiceCollectionExtensions
{
    /// <summary>
    /// Adds the plain classes behind the grains. The ports (<see cref="ILedger"/>, <see cref="IVectorStore"/>, sources, <see cref="IEmbeddingModel"/>,
    /// <see cref="IChunker"/>), a <see cref="TimeProvider"/> and a <see cref="Random"/> are the host's to add.
    /// </summary>
    /// <param name="services">Where to.</param>
    public static IServiceCollection AddQuiverGrains(this IServiceCollection services)
    {
        services.TryAddSingleton<JobInstruments>();
        services.TryAddSingleton<JobLifetime>();
        services.TryAddSingleton<JobServices>();
        services.AddOptions<CollectionOptions>();
        services.TryAddSingleton<CollectionServices>();
        services.TryAddSingleton<BatchScheduler>();
        services.TryAddSingleton(provider => new BatchProcessor(
            provider.GetRequiredService<ILedger>(),
            provider.GetRequiredService<IVectorStore>(),
            provider.GetRequiredService<IEmbeddingModel>(),
            provider.GetRequiredService<IChunker>(),
            provider.GetRequiredService<IOptions<JobOptions>>().Value,
            provider.GetRequiredService<TimeProvider>()));
        services.TryAddSingleton<CollectionSearch>();
        services.TryAddSingleton<CollectionExport>();
        services.TryAddSingleton<CollectionVerifier>();
        services.TryAddSingleton<IJobLedger>(provider => provider.GetRequiredService<ILedger>());
        return services;
    }
}
