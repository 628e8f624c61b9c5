using Microsoft.Extensions.Options;
using Quiver.Adapters.EmbeddingCache;
using Quiver.Adapters.Onnx;
using Quiver.Adapters.OpenAI;
using Quiver.Pipeline.Collections;
using Quiver.Pipeline.Embedding;
using Quiver.Pipeline.Embedding.Budgets;
using Quiver.Pipeline.Ledger;
using Quiver.Silo.Telemetry;
using Quiver.Silo.Vectors;

namespace Quiver.Silo.Hosting.Reading;

/// <summary>The vector store and the models of a command that only reads. No grain, no runtime, no job.</summary>
internal static class StoreServices
{
    /// <summary>Builds them.</summary>
    /// <param name="configuration">The settings.</param>
    /// <param name="directory">The data directory.</param>
    /// <param name="ledger">The ledger.</param>
    /// <param name="bindings">Where collections are.</param>
    /// <param name="keepsVectors">Whether the vectors of questions are kept in the cache.</param>
    /// <param name="verbose">Whether logs go to standard error.</param>
    /// <exception cref="InvalidRequestException">With <see cref="ErrorCodes.InvalidOption"/>: settings are not valid; says all that is wrong.</exception>
    public static ServiceProvider Build(IConfiguration configuration, string directory, ILedger ledger, ICollectionBindings bindings, bool keepsVectors, bool verbose)
    {
        try
        {
            var services = new ServiceCollection();
            services.AddLogging(logging => logging.AddQuiverLogging(configuration, toStandardError: true, verbose ? LogLevel.Debug : LogLevel.Critical));
            services.AddMetrics();
            services.AddSingleton(TimeProvider.System);
            services.AddSingleton(Random.Shared);
            services.AddSingleton(ledger);
            services.AddSingleton(bindings);
            services.AddStores(configuration, directory, keepsVectors);
            services.AddSingleton<IBudgetLessor>(provider => new LocalBudgetLessor(provider.GetRequiredService<IEmbeddingModelCatalog>, provider.GetRequiredService<TimeProvider>()));
            services.AddSingleton<ProviderProbe>();
            services.AddSingleton<CollectionSearch>();
            services.AddSingleton<CollectionFacets>();
            services.AddSingleton<CollectionExport>();
            services.AddSingleton<CollectionVerifier>();
            services.AddSingleton<CollectionReader>();
            var built = services.BuildServiceProvider();
            SettingsValidation.Validate(built);
            return built;
        }
        catch (Exception e) when (SettingsValidation.Describe(e) is { } what)
        {
            throw SettingsValidation.Invalid(what, e);
        }
    }

    private static void AddStores(this IServiceCollection services, IConfiguration configuration, string directory, bool keepsVectors)
    {
        services.AddOptions<OnnxOptions>().Bind(configuration.GetSection(OnnxOptions.Section)).ValidateOnStart();
        services.AddOptions<ProvidersOptions>().Bind(configuration.GetSection(ProvidersOptions.Section)).ValidateOnStart();
        services.AddOptions<EmbeddingCacheOptions>().Bind(configuration.GetSection(EmbeddingCacheOptions.Section)).ValidateOnStart();
        services.AddOptions<CollectionOptions>().Bind(configuration.GetSection("Quiver:Collections"))
            .Configure(options => options.SharedStorage = SharedStorage.Read(configuration)).ValidateOnStart();
        services.AddSingleton<IValidateOptions<CollectionOptions>, CollectionOptionsValidator>();
        services.AddSingleton<IValidateOptions<CollectionOptions>, SharedStorageValidator>();
        services.AddVectorStoreReader(configuration, Path.Combine(directory, "vectors"));
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
