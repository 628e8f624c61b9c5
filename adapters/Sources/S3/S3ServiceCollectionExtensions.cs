using Microsoft.Extensions.DependencyInjection;
using Quiver.Adapters.Storage.S3;

namespace Quiver.Adapters.Sources.S3;

/// <summary>Registers S3 as a source.</summary>
public static class S3ServiceCollectionExtensions
{
    /// <summary>Adds S3 as a kind of source. Calling it again adds settings only.</summary>
    /// <remarks>Needs logging, a <see cref="TimeProvider"/> and a <see cref="Random"/>.</remarks>
    /// <param name="services">The services.</param>
    /// <param name="configure">Changes the options; null keeps the defaults.</param>
    public static IServiceCollection AddS3Sources(this IServiceCollection services, Action<S3Options>? configure = null) =>
        services.AddS3Storage().AddSource<S3SourceProvider, S3Options, S3OptionsValidator>(configure);
}
