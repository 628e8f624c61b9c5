using Microsoft.Extensions.Options;
using Quiver.Adapters.EmbeddingCache;
using Quiver.Adapters.Files;
using Quiver.Adapters.FlatIndex;
using Quiver.Adapters.Onnx;
using Quiver.Adapters.Postgres;
using Quiver.Adapters.Sqlite;
using Quiver.Client.Grains;
using Quiver.Grains;
using Quiver.Grains.Jobs;
using Quiver.Pipeline.Chunking;
using Quiver.Pipeline.Embedding;
using Quiver.Pipeline.Jobs;

namespace Quiver.Silo.Hosting;

/// <summary>Wires a silo together: options, adapters, grains, runtime, client.</summary>
internal static class QuiverSiloServiceCollectionExtensions
{
    /// <summary>Adds everything that a silo is. The host adds logging.</summary>
    /// <param name="services">Where to.</param>
    /// <param name="configuration">The settings.</param>
    /// <param name="settings">What the silo is for.</param>
    public static IServiceCollection AddQuiverSilo(this IServiceCollection services, IConfiguration configuration, SiloSettings settings)
    {
        services.AddSingleton(settings);
        services.AddMetrics();
        services.AddSingleton(TimeProvider.System);
        services.AddSingleton(Random.Shared);
        return services
            .AddSiloOptions(configuration)
            .AddSiloAdapters(settings)
            .AddQuiverGrains()
            .AddGrainRuntime(settings)
            .AddQuiverGrainClient()
            .AddJobs(settings);
    }

    private static IServiceCollection AddSiloOptions(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<JobOptions>().Bind(configuration.GetSection("Quiver:Jobs")).ValidateOnStart();
        services.AddSingleton<IValidateOptions<JobOptions>, JobOptionsValidator>();
        services.AddOptions<OnnxOptions>().Bind(configuration.GetSection(OnnxOptions.Section)).ValidateOnStart();
        services.AddOptions<EmbeddingCacheOptions>().Bind(configuration.GetSection(EmbeddingCacheOptions.Section)).ValidateOnStart();
        services.AddOptions<FilesOptions>().Bind(configuration.GetSection("Quiver:Files")).ValidateOnStart();
        services.AddOptions<PostgresOptions>().Bind(configuration.GetSection(PostgresOptions.Section)).ValidateOnStart();
        services.AddOptions<LedgerOptions>().Bind(configuration.GetSection("Quiver:Ledger")).ValidateOnStart();
        services.AddOptions<FlatIndexOptions>().Bind(configuration.GetSection("Quiver:FlatIndex")).ValidateOnStart();
        return services;
    }

    private static IServiceCollection AddSiloAdapters(this IServiceCollection services, SiloSettings settings)
    {
        string Below(params string[] names) => Path.Combine([settings.DataDirectory, .. names]);
        services.AddFileSources();
        services.AddPostgresSources();
        services.AddSqliteLedger(_ => Below("ledger.db"));
        services.AddFlatIndex((options, _) => options.Directory = options.Directory is "" ? Below("vectors") : options.Directory);
        services.AddEmbeddingCache(options => options.Path = options.Path is "" ? Below("cache", "embeddings.db") : options.Path);
        services.AddOnnxEmbeddings();
        services.AddSingleton<IChunker>(provider => new StructuralChunker(provider.GetRequiredService<IEmbeddingModel>().Tokenizer));
        return services;
    }

    private static IServiceCollection AddJobs(this IServiceCollection services, SiloSettings settings)
    {
        if (settings.RunsJobs)
        {
            services.AddHostedService<JobResumer>();
            services.AddHostedService<JobRetention>();
        }
        else
        {
            services.AddSingleton(_ => JobLifetime.Closed());
        }

        return services;
    }
}
