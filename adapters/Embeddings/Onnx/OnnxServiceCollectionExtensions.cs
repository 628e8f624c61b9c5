using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Quiver.Core.Embedding;

namespace Quiver.Adapters.Embeddings.Onnx;

/// <summary>Registers the local embedding model.</summary>
public static class OnnxServiceCollectionExtensions
{
    /// <summary>
    /// Registers the local model as the <see cref="IEmbeddingModel"/>, behind the <see cref="IEmbeddingCache"/> where one is registered.
    /// Needs logging and metrics of the host. Also registers <see cref="OnnxEmbeddingGenerator"/>, for <see cref="OnnxEmbeddingGenerator.WarmUp"/>.
    /// </summary>
    /// <param name="services">The services; calling twice is harmless.</param>
    /// <param name="configure">Sets options.</param>
    /// <returns>The services.</returns>
    public static IServiceCollection AddOnnxEmbeddings(this IServiceCollection services, Action<OnnxOptions>? configure = null)
    {
        services.AddOptions<OnnxOptions>();
        if (configure is not null)
        {
            services.Configure(configure);
        }

        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<OnnxOptions>, OnnxOptionsValidator>());
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<EmbeddingInstruments>();
        services.TryAddSingleton<LocalModelReadiness>();
        services.TryAddSingleton<OnnxEmbeddingGenerator>();
        services.TryAddSingleton<IEmbeddingModel, OnnxEmbeddingModel>();
        return services;
    }
}
