using Microsoft.Extensions.Options;
using Quiver.Adapters.Embeddings.Cache;
using Quiver.Adapters.Embeddings.Onnx;
using Quiver.Adapters.Embeddings.OpenAI;
using Quiver.Adapters.Embeddings.Providers;
using Quiver.Adapters.Vectors.Embedded;
using Quiver.Adapters.Vectors.Qdrant;
using Quiver.Core.Embedding;
using Quiver.Core.Embedding.Budgets;
using Quiver.Core.Search;
using Quiver.Core.Vectors;
using Quiver.Silo.DataDirectory;
using Quiver.Silo.Options;
using Quiver.Silo.Telemetry;

namespace Quiver.Silo.Sessions.Reading;

/// <summary>The vector store and the models of a command that only reads: no grain, no runtime, no job, no exported telemetry.</summary>
internal static class StoreServices
{
    /// <summary>Opens the embedded index; null when the settings name another store.</summary>
    public static FlatIndexStore? TryOpenEmbedded(IConfiguration configuration, DataDirectoryFiles files)
    {
        if (ProfileSettings.ReadVectorStore(configuration) != VectorStoreKind.Embedded)
        {
            return null;
        }

        var options = SettingSections.Read<FlatIndexOptions>(configuration);
        options.Directory = options.Directory is "" ? files.Vectors : options.Directory;
        return new(Microsoft.Extensions.Options.Options.Create(options), onlyReads: true);
    }

    /// <summary>Creates all other services.</summary>
    /// <param name="configuration">The settings, valid.</param>
    /// <param name="files">The data directory.</param>
    /// <param name="embedded">The embedded index; null for the store that the settings name.</param>
    /// <param name="writesCache">Whether the embeddings of search queries are written to the cache.</param>
    /// <param name="verbose">Whether logs go to standard error.</param>
    public static ServiceProvider Build(IConfiguration configuration, DataDirectoryFiles files, FlatIndexStore? embedded, bool writesCache, bool verbose)
    {
        var services = new ServiceCollection();
        services.AddLogging(logging =>
        {
            if (verbose)
            {
                logging.AddQuiverLogging(configuration, toStandardError: true, LogLevel.Debug);
            }
        });
        services.AddMetrics();
        services.AddSingleton(TimeProvider.System);
        services.AddSingleton(Random.Shared);
        services.AddSiloSettings(configuration);
        if (embedded is null)
        {
            services.AddQdrant(hasRivals: true);
        }
        else
        {
            services.AddSingleton<IVectorStore>(embedded);
        }

        if (writesCache)
        {
            services.AddEmbeddingCache(SetPath);
        }
        else
        {
            services.AddEmbeddingCacheReader(SetPath);
        }

        services.AddOnnxEmbeddings();
        services.AddEmbeddingProviders();
        services.AddSingleton<IBudgetLessor>(provider =>
            new LocalBudgetLessor(provider.GetRequiredService<IEmbeddingModelCatalog>, provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton<ProviderProbe>();
        services.AddSingleton<CollectionSearch>();
        return services.BuildServiceProvider();

        void SetPath(EmbeddingCacheOptions options) => options.Path = options.Path is "" ? files.EmbeddingCache : options.Path;
    }
}
