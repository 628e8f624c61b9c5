using Microsoft.Extensions.Options;
using Quiver.Adapters.Artifacts;
using Quiver.Adapters.Embeddings.Cache;
using Quiver.Adapters.Embeddings.Onnx;
using Quiver.Adapters.Embeddings.OpenAI;
using Quiver.Adapters.Embeddings.Providers;
using Quiver.Adapters.Sources.Files;
using Quiver.Adapters.Sources.Postgres;
using Quiver.Adapters.Storage.Ledger;
using Quiver.Adapters.Storage.Postgres;
using Quiver.Adapters.Storage.S3;
using Quiver.Adapters.Vectors.Embedded;
using Quiver.Adapters.Vectors.Qdrant;
using Quiver.Core.Collections;
using Quiver.Core.Jobs;

namespace Quiver.Silo.Options;

/// <summary>Who reads a section. A section that no service uses is not validated.</summary>
internal enum SettingUse
{
    /// <summary>Every silo.</summary>
    Silo,

    /// <summary>Silos of a cluster.</summary>
    Cluster,

    /// <summary>Silos on the embedded index.</summary>
    Embedded,

    /// <summary>Silos on Qdrant.</summary>
    Qdrant,

    /// <summary>The HTTP server.</summary>
    Server,

    /// <summary>Whatever logs and measures.</summary>
    Telemetry,
}

/// <summary>A section of settings and the options that it fills.</summary>
/// <param name="Name">Its path, such as <c>Quiver:Jobs</c>.</param>
/// <param name="Options">The options.</param>
/// <param name="Use">Who reads it.</param>
/// <param name="Bound">The options to ask for: <paramref name="Options"/>, or those of which they are a member.</param>
/// <param name="Bind">Binds the options and adds the validators that the silo has for them.</param>
internal sealed record SettingSection(string Name, Type Options, SettingUse Use, Type Bound, Action<IServiceCollection, IConfiguration> Bind);

/// <summary>Options to check before anything is opened.</summary>
/// <param name="Check">Reads the options, which binds and validates them.</param>
internal sealed record BoundSection(Action<IServiceProvider> Check);

/// <summary>
/// All settings: the only place that lists and binds them. Options of <c>silo</c> and <c>core</c> are also validated here; adapters register the
/// validators of their own options.
/// </summary>
internal static class SettingSections
{
    /// <summary>The root of all settings.</summary>
    public const string Root = "Quiver";

    /// <summary>The data directory. Only the environment can name it, because the directory holds a file of settings.</summary>
    public const string DataDirectory = "Quiver:Data:Directory";

    /// <summary>The sections that fill options. A new class of options needs one line here.</summary>
    public static readonly ImmutableArray<SettingSection> OfOptions =
    [
        Section<JobOptions>("Quiver:Jobs", SettingUse.Silo, static (options, section) => options.Bind(section).ValidateBy(section)),
        Section<FilesOptions>("Quiver:Files", SettingUse.Silo, static (options, section) => options.Bind(section)),
        Section<S3Options>(S3Options.Section, SettingUse.Silo, static (options, section) => options.Bind(section)),
        Section<ArtifactOptions>(ArtifactOptions.Section, SettingUse.Silo, static (options, section) => options.Bind(section)),
        Section<PostgresOptions>(PostgresOptions.Section, SettingUse.Silo, static (options, section) => options.Bind(section)),
        Section<ClusterOptions>(ClusterOptions.Section, SettingUse.Cluster, static (options, section) => options.Bind(section).ValidateBy(section)),
        Section<OrleansDashboardOptions>(OrleansDashboardOptions.Section, SettingUse.Silo, static (options, section) =>
            options.Bind(section).ValidateBy(section).Services.AddSingleton<IValidateOptions<OrleansDashboardOptions>, OrleansDashboardPasswordValidator>()),
        Section<PostgresClusterOptions>(PostgresClusterOptions.Section, SettingUse.Cluster, static (options, section) => options.Bind(section)),
        Section<OnnxOptions>(OnnxOptions.Section, SettingUse.Silo, static (options, section) => options.Bind(section)),
        new("Quiver:Embedding", typeof(EmbeddingOptions), SettingUse.Silo, typeof(ProvidersOptions), static (services, configuration) =>
            Section<ProvidersOptions>(ProvidersOptions.Section, SettingUse.Silo, static (options, section) => options.Bind(section))
                .Bind(services, configuration)),
        Section<EmbeddingCacheOptions>(EmbeddingCacheOptions.Section, SettingUse.Silo, static (options, section) => options.Bind(section)),
        Section<FlatIndexOptions>("Quiver:FlatIndex", SettingUse.Embedded, static (options, section) => options.Bind(section)),
        Section<QdrantOptions>(QdrantOptions.Section, SettingUse.Qdrant, static (options, section) => options.Bind(section)),
        Section<CollectionOptions>("Quiver:Collections", SettingUse.Silo, static (options, section) => options.Bind(section)
            .Configure(collections => collections.SharedStorage = ReadSharedStorage(section))
            .ValidateBy(section).Services.AddSingleton<IValidateOptions<CollectionOptions>, SharedStorageValidator>()),
        Section<LedgerOptions>("Quiver:Ledger", SettingUse.Silo, static (options, section) => options.Bind(section)),
        Section<ServerOptions>(ServerOptions.Section, SettingUse.Server, static (options, section) => options.Bind(section).ValidateBy(section)),
        Section<ApiOptions>(ApiOptions.Section, SettingUse.Server, static (options, section) => options.Bind(section).ValidateBy(section)),
        Section<TelemetryOptions>(TelemetryOptions.Section, SettingUse.Telemetry, static (options, section) => options.Bind(section).ValidateBy(section)),
    ];

    /// <summary>All sections by name: those of options, and those that are read before there are options.</summary>
    public static readonly ImmutableArray<(string Section, Type Type)> All =
    [
        .. OfOptions.Select(static section => (section.Name, section.Options)),
        ("Quiver:Vectors:Store", typeof(VectorStoreKind)),
        ("Quiver:Providers", typeof(IDictionary<string, ProviderOptions>)),
        (DataDirectory, typeof(string)),
    ];

    // Called by name, because generated code leaves out members without a setter, which all of these are.
    private static readonly Func<IConfiguration, Type, object?> Reader = ConfigurationBinder.Get;

    /// <summary>Binds the sections that silos of the configured profile read.</summary>
    /// <exception cref="InvalidRequestException">With <see cref="ErrorCodes.InvalidOption"/>: the profile or the vector store cannot be determined.</exception>
    public static IServiceCollection AddSiloSettings(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddSettings(configuration, SettingUse.Silo);
        if (ProfileSettings.IsCluster(configuration))
        {
            services.AddSettings(configuration, SettingUse.Cluster);
        }

        var store = ProfileSettings.ReadVectorStore(configuration);
        return services.AddSettings(configuration, store == VectorStoreKind.Qdrant ? SettingUse.Qdrant : SettingUse.Embedded);
    }

    /// <summary>Binds the sections of one use. <see cref="SettingsValidation.Validate"/> checks them. A repeated call changes nothing.</summary>
    public static IServiceCollection AddSettings(this IServiceCollection services, IConfiguration configuration, SettingUse use)
    {
        foreach (var section in OfOptions.Where(section => section.Use == use))
        {
            section.Bind(services, configuration);
        }

        return services;
    }

    /// <summary>Reads the options of one section, validated by the silo's own validators only.</summary>
    /// <exception cref="OptionsValidationException">They are not valid.</exception>
    /// <exception cref="InvalidOperationException">A value cannot be converted.</exception>
    public static T Read<T>(IConfiguration configuration)
        where T : class
    {
        var services = new ServiceCollection();
        OfOptions.First(static section => section.Bound == typeof(T)).Bind(services, configuration);
        using var provider = services.BuildServiceProvider();
        return provider.GetRequiredService<IOptions<T>>().Value;
    }

    /// <summary>How shared physical collections are stored: <c>Quiver:Collections:SharedStorage</c>; null when it is not set.</summary>
    /// <param name="collections">The section <c>Quiver:Collections</c>.</param>
    /// <exception cref="InvalidOperationException">A value cannot be converted.</exception>
    public static StorageSettings? ReadSharedStorage(IConfiguration collections) =>
        (StorageSettings?)Reader(collections.GetSection(nameof(CollectionOptions.SharedStorage)), typeof(StorageSettings));

    private static SettingSection Section<T>(string name, SettingUse use, Action<OptionsBuilder<T>, IConfigurationSection> bind)
        where T : class =>
        new(name, typeof(T), use, typeof(T), (services, configuration) =>
        {
            if (services.Any(static service => service.ServiceType == typeof(IOptionsChangeTokenSource<T>)))
            {
                return;
            }

            bind(services.AddOptions<T>().ValidateOnStart(), configuration.GetSection(name));
            services.AddSingleton(new BoundSection(static provider => _ = provider.GetRequiredService<IOptions<T>>().Value));
        });

    /// <summary>Adds the generated validator. To be called after Bind, because validators keep the order of registration.</summary>
    private static OptionsBuilder<T> ValidateBy<T>(this OptionsBuilder<T> options, IConfigurationSection section)
        where T : class
    {
        options.Services.AddSingleton<IValidateOptions<T>>(new SectionValidator<T>(section.Path));
        return options;
    }
}
