using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using Quiver.Adapters.Storage.S3;
using Quiver.Core.Artifacts;

namespace Quiver.Adapters.Artifacts;

/// <summary>Registers the artifact store.</summary>
public static class ArtifactServiceCollectionExtensions
{
    /// <summary>Adds the store that the options select. A repeated call changes nothing.</summary>
    /// <remarks>Needs logging, a <see cref="TimeProvider"/> and a <see cref="Random"/>.</remarks>
    /// <param name="services">The services.</param>
    /// <param name="directory">The folder of the artifacts unless the options name another; absolute.</param>
    /// <param name="keyFile">The file of the key that signs links; absolute, created when missing.</param>
    public static IServiceCollection AddArtifacts(this IServiceCollection services, string directory, string keyFile)
    {
        services.AddS3Storage();
        services.AddOptions<ArtifactOptions>().PostConfigure(options =>
        {
            if (options.Directory.Length == 0)
            {
                options.Directory = directory;
            }
        });
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<ArtifactOptions>, ArtifactOptionsValidator>());
        services.TryAddSingleton(provider => new ArtifactTokens(() => ArtifactKey.LoadOrCreate(keyFile), provider.GetRequiredService<TimeProvider>()));
        services.TryAddSingleton<IArtifactStore>(static provider =>
            provider.GetRequiredService<IOptions<ArtifactOptions>>().Value.Store == ArtifactPlace.S3
                ? ActivatorUtilities.CreateInstance<S3ArtifactStore>(provider)
                : ActivatorUtilities.CreateInstance<DirectoryArtifactStore>(provider));
        return services;
    }
}
