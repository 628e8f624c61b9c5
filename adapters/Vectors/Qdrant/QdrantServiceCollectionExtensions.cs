using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Quiver.Core.Vectors;

namespace Quiver.Adapters.Vectors.Qdrant;

/// <summary>Registers a Qdrant server as the vector store.</summary>
public static class QdrantServiceCollectionExtensions
{
    /// <summary>Adds <see cref="IVectorStore"/> on the server of <see cref="QdrantOptions"/>. Needs logging. Repeated calls only add options.</summary>
    /// <param name="services">The services.</param>
    /// <param name="hasRivals">Whether other silos may write the same points; then the server fences all writes.</param>
    public static IServiceCollection AddQdrant(this IServiceCollection services, bool hasRivals)
    {
        services.AddOptions<QdrantOptions>().ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<QdrantOptions>, QdrantOptionsValidator>());
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton(Random.Shared);
        services.TryAddSingleton<IVectorStore>(provider => new QdrantStore(
            provider.GetRequiredService<IOptions<QdrantOptions>>(),
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<Random>(),
            provider.GetRequiredService<ILogger<QdrantStore>>(),
            provider.GetService<IMeterFactory>(),
            hasRivals));
        return services;
    }
}
