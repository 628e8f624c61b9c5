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
using Quiver.Silo.Telemetry;
using Quiver.Silo.Vectors;

namespace Quiver.Silo.Sessions.Reading;

/// <summary>The vector store and the models of a command that only reads. No grain, no runtime, no job.</summary>
internal static class StoreServices
{
    /// <summary>Opens the embedded index; null when the settings name another store.</summary>
    /// <param name="configuration">The settings, valid.</param>
    /// <param name="directory">The data directory.</param>
    public static FlatIndexStore? TryOpenEmbedded(IConfiguration configuration, string directory)
    {
        if (VectorStoreServiceCollectionExtensions.ReadKind(configuration) != VectorStoreKind.Embedded)
        {
            return null;
        }

        var options = new FlatIndexOptions();
        configuration.GetSection("Quiver:FlatIndex").Bind(options);
        options.Directory = options.Directory is "" ? Path.Combine(directory, "vectors") : options.Directory;
        return new(Microsoft.Extensions.Options.Options.Create(options), onlyReads: true);
    }

    /// <summary>Registers everything else.</summary>
    /// <param name="configuration">The settings, valid.</param>
    /// <param name="directory">The data directory.</param>
    /// <param name="embedded">The embedded index; null for the store that the settings name.</param>
    /// <param name="keepsVectors">Whether the vectors of questions are kept in the cache.</param>
    /// <param name="verbose">Whether logs go to standard error.</param>
    public static ServiceProvider Build(IConfiguration configuration, string directory, FlatIndexStore? embedded, bool keepsVectors, bool verbose)
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
        services.AddStore(configuration, embedded);
        services.AddModels(configuration, directory, keepsVectors);
        services.AddSingleton<IBudgetLessor>(provider => new LocalBudgetLessor(provider.GetRequiredService<IEmbeddingModelCatalog>, provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton<ProviderProbe>();
        services.AddSingleton<CollectionSearch>();
        return services.BuildServiceProvider();
    }

    private static void AddStore(this IServiceCollection services, IConfiguration configuration, FlatIndexStore? embedded)
    {
        if (embedded is not null)
        {
            services.AddSingleton<IVectorStore>(embedded);
            return;
        }

        services.AddOptions<QdrantOptions>().Bind(configuration.GetSection(QdrantOptions.Section));
        services.AddQdrant();
    }

    private static void AddModels(this IServiceCollection services, IConfiguration configuration, string directory, bool keepsVectors)
    {
        services.AddOptions<OnnxOptions>().Bind(configuration.GetSection(OnnxOptions.Section));
        services.AddOptions<ProvidersOptions>().Bind(configuration.GetSection(ProvidersOptions.Section));
        services.AddOptions<EmbeddingCacheOptions>().Bind(configuration.GetSection(EmbeddingCacheOptions.Section));
        if (keepsVectors)
        {
            services.AddEmbeddingCache(SetPath);
        }
        else
        {
            services.AddEmbeddingCacheReader(SetPath);
        }

        services.AddOnnxEmbeddings();
        services.AddEmbeddingProviders();

        void SetPath(EmbeddingCacheOptions options) => options.Path = options.Path is "" ? Path.Combine(directory, "cache", "embeddings.db") : options.Path;
    }
}
