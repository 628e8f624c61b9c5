using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Quiver.Adapters.Storage.Postgres;

namespace Quiver.Adapters.Sources.Postgres;

/// <summary>Registers tables of PostgreSQL as sources.</summary>
public static class PostgresServiceCollectionExtensions
{
    /// <summary>Adds tables and views of PostgreSQL as a kind of source. Calling it again adds settings only.</summary>
    /// <param name="services">The services.</param>
    /// <param name="configure">Changes the options; null keeps the defaults.</param>
    public static IServiceCollection AddPostgresSources(this IServiceCollection services, Action<PostgresOptions>? configure = null)
    {
        services.TryAddSingleton<PostgresPools>();
        return services.AddSource<PostgresSourceProvider, PostgresOptions, PostgresOptionsValidator>(configure);
    }
}
