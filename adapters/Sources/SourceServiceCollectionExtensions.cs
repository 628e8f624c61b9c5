using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using Quiver.Adapters.Formats;
using Quiver.Core.Sources;

namespace Quiver.Adapters.Sources;

/// <summary>Registers kinds of sources.</summary>
internal static class SourceServiceCollectionExtensions
{
    /// <summary>Adds a kind of source with its options. Calling it again adds settings only.</summary>
    public static IServiceCollection AddSource<TProvider, TOptions, TValidator>(this IServiceCollection services, Action<TOptions>? configure)
        where TProvider : class, ISourceProvider
        where TOptions : class
        where TValidator : class, IValidateOptions<TOptions>
    {
        var options = services.AddOptions<TOptions>();
        if (configure is not null)
        {
            options.Configure(configure);
        }

        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<TOptions>, TValidator>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<ISourceProvider, TProvider>());
        services.TryAddSingleton<ISourceFactory, SourceFactory>();
        return services.AddFormats();
    }
}
