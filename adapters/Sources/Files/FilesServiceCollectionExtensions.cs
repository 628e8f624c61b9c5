using Microsoft.Extensions.DependencyInjection;

namespace Quiver.Adapters.Sources.Files;

/// <summary>Registers files and folders as sources.</summary>
public static class FilesServiceCollectionExtensions
{
    /// <summary>Adds files and folders as a kind of source. Calling it again adds settings only.</summary>
    /// <param name="services">The services.</param>
    /// <param name="configure">Changes the options; null keeps the defaults.</param>
    public static IServiceCollection AddFileSources(this IServiceCollection services, Action<FilesOptions>? configure = null) =>
        services.AddSource<FileSourceProvider, FilesOptions, FilesOptionsValidator>(configure);
}
