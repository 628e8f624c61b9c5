using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using Quiver.Adapters.Storage.Postgres;
using Quiver.Core.Sources;

namespace Quiver.Adapters.Sources.Postgres;

/// <summary>Registers tables of PostgreSQL as sources.</summary>
public static class PostgresServiceCollectionExtensions
{
    /// <summary>Adds tables and views of PostgreSQL as a kind of source. Calling it again adds settings only.</summary>
    /// <param name="services">The services.</param>
    /// <param name="configure">Changes the options; null keeps the defaults.</param>
    public static IServiceCollection AddPostgresSources(this IServiceCollection services, Action<PostgresOptions>? configure = null)
    {
        var options = services.AddOptions<PostgresOptions>();
        if (configure is not null)
        {
            options.Configure(configure);
        }

        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<PostgresOptions>, PostgresRangeValidator>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<PostgresOptions>, PostgresOptionsValidator>());
        services.TryAddSingleton<PostgresPools>();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<ISourceProvider, PostgresSourceProvider>());
        services.TryAddSingleton<ISourceFactory, SourceFactory>();
        return services;
    }
}
