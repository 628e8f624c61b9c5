using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace Quiver.Adapters.Storage.S3;

/// <summary>Registers the connection to S3.</summary>
internal static class S3StorageServiceCollectionExtensions
{
    /// <summary>Adds the options and the shared connection. A repeated call changes nothing.</summary>
    /// <remarks>Needs logging, a <see cref="TimeProvider"/> and a <see cref="Random"/>.</remarks>
    public static IServiceCollection AddS3Storage(this IServiceCollection services)
    {
        services.AddOptions<S3Options>();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<S3Options>, S3OptionsValidator>());
        services.TryAddSingleton<S3Connection>();
        services.TryAddSingleton<S3Requests>();
        return services;
    }
}
