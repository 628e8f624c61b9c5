using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using Quiver.Adapters.Storage.Files;
using Quiver.Core.Vectors;

namespace Quiver.Adapters.Vectors.Embedded;

/// <summary>Registers the embedded exact index.</summary>
public static class FlatIndexServiceCollectionExtensions
{
    /// <summary>Adds <see cref="IVectorStore"/> on files below <see cref="FlatIndexOptions.Directory"/>. Repeated calls only add options.</summary>
    /// <param name="services">The services.</param>
    /// <param name="configure">Sets the directory and other options.</param>
    public static IServiceCollection AddFlatIndex(this IServiceCollection services, Action<FlatIndexOptions, IServiceProvider> configure)
    {
        ArgumentNullException.ThrowIfNull(configure);
        services.AddOptions<FlatIndexOptions>().Configure(configure).ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<FlatIndexOptions>, FlatIndexOptionsValidator>());
        services.TryAddSingleton<IVectorStore>(
            provider => new FlatIndexStore(
                provider.GetRequiredService<IOptions<FlatIndexOptions>>(),
                provider.GetService<IMeterFactory>(),
                manifest: provider.GetService<DirectoryManifest>()));
        return services;
    }
}
