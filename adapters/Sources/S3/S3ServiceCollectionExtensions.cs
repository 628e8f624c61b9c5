using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using Quiver.Adapters.Storage.S3;
using Quiver.Core.Sources;

namespace Quiver.Adapters.Sources.S3;

/// <summary>Registers S3 as a source.</summary>
public static class S3ServiceCollectionExtensions
{
    /// <summary>Adds S3 as a kind of source. Calling it again adds settings only. Needs logging, a <see cref="TimeProvider"/> and a <see cref="Random"/>.</summary>
    /// <param name="services">The services.</param>
    /// <param name="configure">Changes the options; null keeps the defaults.</param>
    public static IServiceCollection AddS3Sources(this IServiceCollection services, Action<S3Options>? configure = null)
    {
        var options = services.AddOptions<S3Options>();
        if (configure is not null)
        {
            options.Configure(configure);
        }

        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<S3Options>, S3OptionsValidator>());
        services.TryAddSingleton<S3Connection>();
        services.TryAddSingleton<S3Requests>();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<ISourceProvider, S3SourceProvider>());
        services.TryAddSingleton<ISourceFactory, SourceFactory>();
        return services;
    }
}
