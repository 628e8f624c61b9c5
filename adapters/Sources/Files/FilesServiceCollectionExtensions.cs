using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using Quiver.Core.Sources;

namespace Quiver.Adapters.Sources.Files;

/// <summary>Registers files and folders as sources.</summary>
public static class FilesServiceCollectionExtensions
{
    /// <summary>Adds files and folders as a kind of source. Calling it again adds settings only.</summary>
    /// <param name="services">The services.</param>
    /// <param name="configure">Changes the options; null keeps the defaults.</param>
    public static IServiceCollection AddFileSources(this IServiceCollection services, Action<FilesOptions>? configure = null)
    {
        var options = services.AddOptions<FilesOptions>();
        if (configure is not null)
        {
            options.Configure(configure);
        }

        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<FilesOptions>, FilesOptionsValidator>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<ISourceProvider, FileSourceProvider>());
        services.TryAddSingleton<ISourceFactory, SourceFactory>();
        return services;
    }
}
