using Quiver.Adapters.Embeddings.Cache;
using Quiver.Adapters.Embeddings.Onnx;
using Quiver.Adapters.Embeddings.OpenAI;
using Quiver.Adapters.Embeddings.Providers;
using Quiver.Adapters.Sources.Files;
using Quiver.Adapters.Sources.Postgres;
using Quiver.Adapters.Sources.S3;
using Quiver.Adapters.Vectors.Embedded;
using Quiver.Adapters.Vectors.Qdrant;
using Quiver.Client;
using Quiver.Client.Grains;
using Quiver.Grains;
using Quiver.Grains.Jobs;
using Quiver.Silo.Api;
using Quiver.Silo.Api.Health;
using Quiver.Silo.DataDirectory;
using Quiver.Silo.Options;
using Quiver.Silo.Telemetry;

namespace Quiver.Silo.Hosting;

/// <summary>What the silo of one process is for.</summary>
/// <param name="DataDirectory">The data directory, absolute; it exists and this process holds it.</param>
/// <param name="RunsJobs">Whether jobs run here. False for commands that only change durable state: they must not wake interrupted jobs.</param>
internal sealed record SiloSettings(string DataDirectory, bool RunsJobs)
{
    /// <summary>The files of the data directory.</summary>
    public DataDirectoryFiles Files { get; } = new(DataDirectory);
}

/// <summary>Wires a silo: options, adapters, grains, runtime, client.</summary>
internal static class QuiverSiloServiceCollectionExtensions
{
    /// <summary>Adds a silo. The host adds logging and telemetry.</summary>
    /// <exception cref="InvalidRequestException">With <see cref="ErrorCodes.InvalidOption"/>: the settings choose no valid profile.</exception>
    public static IServiceCollection AddQuiverSilo(this IServiceCollection services, IConfiguration configuration, SiloSettings settings)
    {
        var profile = SiloProfile.Of(configuration);
        services.AddSingleton(settings);
        return services
            .AddAdapters(configuration, settings, profile)
            .AddQuiverGrains()
            .AddGrainRuntime(configuration, settings, profile)
            .AddQuiverGrainClient()
            .AddJobs(settings);
    }

    /// <summary>Validates all settings of a silo without starting one. Nothing is opened.</summary>
    /// <param name="configuration">The settings.</param>
    /// <param name="dataDirectory">The data directory, which need not exist.</param>
    /// <exception cref="InvalidRequestException">With <see cref="ErrorCodes.InvalidOption"/>: names everything that is wrong.</exception>
    public static void RequireValidSettings(IConfiguration configuration, string dataDirectory)
    {
        try
        {
            var services = new ServiceCollection();
            services.AddLogging();
            services.AddSettings(configuration, SettingUse.Telemetry);
            services.AddAdapters(configuration, new SiloSettings(dataDirectory, RunsJobs: false), SiloProfile.Of(configuration));
            using var built = services.BuildServiceProvider();
            SettingsValidation.Validate(built);
        }
        catch (Exception exception) when (SettingsValidation.Describe(exception) is { } message)
        {
            throw SettingsValidation.Invalid(message, exception);
        }
    }

    /// <summary>Adds the vector store that the settings name. Its options must be bound: <see cref="SettingSections.AddSiloSettings"/>.</summary>
    /// <param name="services">The services.</param>
    /// <param name="configuration">The settings.</param>
    /// <param name="directory">The folder of the embedded index unless its options name another.</param>
    /// <exception cref="InvalidRequestException">With <see cref="ErrorCodes.InvalidOption"/>: there is no such store.</exception>
    public static IServiceCollection AddVectorStore(this IServiceCollection services, IConfiguration configuration, string directory) =>
        ProfileSettings.ReadVectorStore(configuration) == VectorStoreKind.Qdrant
            ? services.AddReadinessCheck<VectorStoreReadinessCheck>("vectors").AddQdrant(hasRivals: ProfileSettings.IsCluster(configuration))
            : services.AddFlatIndex((options, _) => options.Directory = options.Directory is "" ? directory : options.Directory);

    private static IServiceCollection AddAdapters(this IServiceCollection services, IConfiguration configuration, SiloSettings settings, SiloProfile profile)
    {
        services.AddMetrics();
        services.AddSingleton(TimeProvider.System);
        services.AddSingleton(Random.Shared);
        services.AddSiloSettings(configuration);
        services.AddFileSources();
        services.AddPostgresSources();
        services.AddS3Sources();
        services.AddSingleton<IJobExporter, JobExporter>();
        profile.AddStores(services, configuration, settings);
        services.AddEmbeddingCache(options => options.Path = options.Path is "" ? settings.Files.EmbeddingCache : options.Path);
        services.AddOnnxEmbeddings();
        services.AddEmbeddingProviders();
        services.AddReadinessCheck<ModelReadinessCheck>("model");
        services.AddHostedService<StorageMeter>();
        return services;
    }

    private static IServiceCollection AddJobs(this IServiceCollection services, SiloSettings settings)
    {
        if (settings.RunsJobs)
        {
            services.AddHostedService<JobResumer>();
            services.AddHostedService<ReminderCatchUp>();
            services.AddHostedService<JobRetention>();
        }
        else
        {
            services.AddSingleton(_ => JobLifetime.Closed());
        }

        return services;
    }
}
