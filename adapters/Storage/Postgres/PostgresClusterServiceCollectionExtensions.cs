using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Quiver.Adapters.Storage.Ledger;
using Quiver.Core.Ledger;

namespace Quiver.Adapters.Storage.Postgres;

/// <summary>Registers the cluster's database and its ledger.</summary>
public static class PostgresClusterServiceCollectionExtensions
{
    /// <summary>
    /// Adds the database and its schema, which is migrated when the host starts, before services that are registered after this call. Needs a
    /// <see cref="TimeProvider"/> and logging. Repeated calls only add options.
    /// </summary>
    /// <param name="services">The services.</param>
    /// <param name="configure">Sets options.</param>
    public static IServiceCollection AddPostgresCluster(this IServiceCollection services, Action<PostgresClusterOptions>? configure = null)
    {
        services.AddOptions<PostgresClusterOptions>().Configure(options => configure?.Invoke(options)).ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<PostgresClusterOptions>, PostgresClusterOptionsValidator>());
        services.TryAddSingleton<ClusterDatabase>();
        services.TryAddSingleton<SchemaMigrator>();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IHostedService, SchemaMigrationService>());
        return services;
    }

    /// <summary>Adds <see cref="ILedger"/> on that database, and the database itself. Repeated calls only add options.</summary>
    /// <param name="services">The services.</param>
    /// <param name="configure">Sets options of the ledger.</param>
    public static IServiceCollection AddPostgresLedger(this IServiceCollection services, Action<LedgerOptions>? configure = null)
    {
        services.AddPostgresCluster();
        services.AddLedgerOptions(configure);
        services.TryAddSingleton<ILedger, PostgresLedger>();
        return services;
    }
}
