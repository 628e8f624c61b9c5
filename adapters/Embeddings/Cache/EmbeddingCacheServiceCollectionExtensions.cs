using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Quiver.Core.Embedding;

namespace Quiver.Adapters.Embeddings.Cache;

/// <summary>Registers the persistent embedding cache.</summary>
public static class EmbeddingCacheServiceCollectionExtensions
{
    /// <summary>Registers a SQLite file as the <see cref="IEmbeddingCache"/>. The file is opened on first use.</summary>
    /// <param name="services">The services; calling twice is harmless.</param>
    /// <param name="configure">Sets options; <see cref="EmbeddingCacheOptions.Path"/> must be set here or by configuration.</param>
    /// <returns>The services.</returns>
    public static IServiceCollection AddEmbeddingCache(this IServiceCollection services, Action<EmbeddingCacheOptions>? configure = null)
    {
        services.AddCacheOptions(configure);
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<IEmbeddingCache, SqliteEmbeddingCache>();
        return services;
    }

    /// <summary>Registers a SQLite file, which another process may be writing, as a read-only <see cref="IEmbeddingCache"/>. Creates no file.</summary>
    /// <param name="services">The services; calling twice is harmless.</param>
    /// <param name="configure">Sets options; <see cref="EmbeddingCacheOptions.Path"/> must be set here or by configuration.</param>
    /// <returns>The services.</returns>
    public static IServiceCollection AddEmbeddingCacheReader(this IServiceCollection services, Action<EmbeddingCacheOptions>? configure = null)
    {
        services.AddCacheOptions(configure);
        services.TryAddSingleton<IEmbeddingCache, ReadOnlyEmbeddingCache>();
        return services;
    }

    private static void AddCacheOptions(this IServiceCollection services, Action<EmbeddingCacheOptions>? configure)
    {
        services.AddOptions<EmbeddingCacheOptions>();
        if (configure is not null)
        {
            services.Configure(configure);
        }

        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<EmbeddingCacheOptions>, EmbeddingCacheOptionsValidator>());
    }
}
