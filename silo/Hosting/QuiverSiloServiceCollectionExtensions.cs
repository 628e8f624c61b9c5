using Microsoft.Extensions.Options;
using Quiver.Adapters.Artifacts;
using Quiver.Adapters.Embeddings.Cache;
using Quiver.Adapters.Embeddings.Onnx;
using Quiver.Adapters.Embeddings.OpenAI;
using Quiver.Adapters.Embeddings.Providers;
using Quiver.Adapters.Sources.Files;
using Quiver.Adapters.Sources.Postgres;
using Quiver.Adapters.Sources.S3;
using Quiver.Adapters.Storage.Ledger;
using Quiver.Adapters.Storage.Postgres;
using Quiver.Adapters.Storage.S3;
using Quiver.Client;
using Quiver.Client.Grains;
using Quiver.Core.Collections;
using Quiver.Core.Jobs;
using Quiver.Grains;
using Quiver.Grains.Jobs;
using Quiver.Silo.Api;
using Quiver.Silo.Api.Health;
using Quiver.Silo.Options;
using Quiver.Silo.Telemetry;

namespace Quiver.Silo.Hosting;

/// <summary>Wires a silo together: options, adapters, grains, runtime, client.</summary>
internal static class QuiverSiloServiceCollectionExtensions
{
    /// <summary>Adds everything that a silo is. The host adds logging.</summary>
    /// <param name="services">Where to.</param>
    /// <param name="configuration">The settings.</param>
    /// <param name="settings">What the silo is for.</param>
    /// <exception cref="InvalidRequestException">With <see cref="ErrorCodes.InvalidOption"/>: there are settings of names that nothing reads.</exception>
    public static IServiceCollection AddQuiverSilo(this IServiceCollection services, IConfiguration configuration, SiloSettings settings)
    {
        UnknownSettings.Refuse(configuration);
        var profile = SiloProfile.Of(configuration);
        services.AddSingleton(settings);
        services.AddMetrics();
        services.AddSingleton(TimeProvider.System);
        services.AddSingleton(Random.Shared);
        return services
            .AddSiloOptions(configuration)
            .AddSiloAdapters(configuration, settings, profile)
            .AddQuiverGrains()
            .AddGrainRuntime(configuration, settings, profile)
            .AddQuiverGrainClient()
            .AddJobs(settings);
    }

    /// <summary>Checks all settings as the start of a silo does, without one. Nothing is opened.</summary>
    /// <param name="configuration">The settings.</param>
    /// <param name="dataDirectory">The data directory, which need not exist.</param>
    /// <exception cref="InvalidRequestException">With <see cref="ErrorCodes.InvalidOption"/>: says all that is wrong.</exception>
    public static void RequireValidSettings(IConfiguration configuration, string dataDirectory)
    {
        UnknownSettings.Refuse(configuration);
        try
        {
            var services = new ServiceCollection();
            services.AddLogging();
            services.AddMetrics();
            services.AddSingleton(TimeProvider.System);
            services.AddSingleton(Random.Shared);
            services.AddQuiverTelemetry(configuration);
            services.AddSiloOptions(configuration).AddSiloAdapters(configuration, new SiloSettings(dataDirectory, RunsJobs: false), SiloProfile.Of(configuration));
            using var built = services.BuildServiceProvider();
            SettingsValidation.Validate(built);
        }
        catch (Exception e) when (SettingsValidation.Describe(e) is { } what)
        {
            throw SettingsValidation.Invalid(what, e);
        }
    }

    private static IServiceCollection AddSiloOptions(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<JobOptions>().Bind(configuration.GetSection("Quiver:Jobs")).ValidateOnStart();
        services.AddSingleton<IValidateOptions<JobOptions>, JobOptionsValidator>();
        services.AddOptions<OnnxOptions>().Bind(configuration.GetSection(OnnxOptions.Section)).ValidateOnStart();
        services.AddOptions<ProvidersOptions>().Bind(configuration.GetSection(ProvidersOptions.Section)).ValidateOnStart();
        services.AddOptions<EmbeddingCacheOptions>().Bind(configuration.GetSection(EmbeddingCacheOptions.Section)).ValidateOnStart();
        services.AddOptions<FilesOptions>().Bind(configuration.GetSection("Quiver:Files")).ValidateOnStart();
        services.AddOptions<PostgresOptions>().Bind(configuration.GetSection(PostgresOptions.Section)).ValidateOnStart();
        services.AddOptions<S3Options>().Bind(configuration.GetSection(S3Options.Section)).ValidateOnStart();
        services.AddOptions<ArtifactOptions>().Bind(configuration.GetSection(ArtifactOptions.Section)).ValidateOnStart();
        services.AddOptions<LedgerOptions>().Bind(configuration.GetSection("Quiver:Ledger")).ValidateOnStart();
        services.AddOptions<CollectionOptions>().Bind(configuration.GetSection("Quiver:Collections"))
            .Configure(options => options.SharedStorage = SharedStorage.Read(configuration)).ValidateOnStart();
        services.AddSingleton<IValidateOptions<CollectionOptions>, CollectionOptionsValidator>();
        services.AddSingleton<IValidateOptions<CollectionOptions>, SharedStorageValidator>();
        services.AddOptions<OrleansDashboardOptions>().Bind(configuration.GetSection(OrleansDashboardOptions.Section)).ValidateOnStart();
        services.AddSingleton<IValidateOptions<OrleansDashboardOptions>, OrleansDashboardOptionsValidator>();
        return services;
    }

    private static IServiceCollection AddSiloAdapters(this IServiceCollection services, IConfiguration configuration, SiloSettings settings, SiloProfile profile)
    {
        services.AddFileSources();
        services.AddPostgresSources();
        services.AddS3Sources();
        services.AddSingleton<IJobExporter, JobExporter>();
        profile.AddStores(services, configuration, settings);
        services.AddEmbeddingCache(options => options.Path = options.Path is "" ? Path.Combine(settings.DataDirectory, "cache", "embeddings.db") : options.Path);
        services.AddOnnxEmbeddings();
        services.AddEmbeddingProviders();
        services.AddSingleton<IReadinessCheck, ModelReadinessCheck>();
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
