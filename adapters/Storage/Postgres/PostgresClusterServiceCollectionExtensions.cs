using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Quiver.Adapters.Storage.Ledger;
using Quiver.Core.Ledger;

namespace Quiver.Adapters.Storage.Postgres;

/// <summary>Registers what the silos of a cluster keep in PostgreSQL.</summary>
public static class PostgresClusterServiceCollectionExtensions
{
    /// <summary>
    /// Adds the database with its schema, which is brought up to date when the host starts, before whatever is registered after this call.
    /// Needs a <see cref="TimeProvider"/> and logging. Adding again changes nothing but the options.
    /// </summary>
    /// <param name="services">Where to register.</param>
    /// <param name="configure">Changes the options; null keeps them.</param>
    public static IServiceCollection AddPostgresCluster(this IServiceCollection services, Action<PostgresClusterOptions>? configure = null)
    {
        services.AddOptions<PostgresClusterOptions>().Configure(options => configure?.Invoke(options)).ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<PostgresClusterOptions>, PostgresClusterOptionsValidator>());
        services.TryAddSingleton<ClusterDatabase>();
        services.TryAddSingleton<SchemaMigrator>();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IHostedService, SchemaMigrationService>());
        return services;
    }

    /// <summary>Adds <see cref="ILedger"/> on that database, and the database itself. Adding again changes nothing but the options.</summary>
    /// <param name="services">Where to register.</param>
    /// <param name="configure">Changes what the ledger keeps; null keeps the options.</param>
    public static IServiceCollection AddPostgresLedger(this IServiceCollection services, Action<LedgerOptions>? configure = null)
    {
        services.AddPostgresCluster();
        services.AddLedgerOptions(configure);
        services.TryAddSingleton<ILedger, PostgresLedger>();
        return services;
    }
}
