using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Quiver.Adapters.Formats.Markdown;
using Quiver.Core.Formats;
using Quiver.Core.Formats.Json;
using Quiver.Core.Formats.Text;

namespace Quiver.Adapters.Formats;

/// <summary>Registers the formats of files.</summary>
public static class FormatServiceCollectionExtensions
{
    /// <summary>The formats that Quiver reads. To add one, write a <see cref="RecordFormat"/> in a folder of its own and add a line here.</summary>
    private static readonly RecordFormat[] Formats =
    [
        JsonFormats.Lines,
        JsonFormats.Array,
        TextFormats.Plain,
        MarkdownFormat.Markdown,
        TextFormats.Code,
    ];

    /// <summary>Adds the registry of formats. A repeated call changes nothing.</summary>
    /// <param name="services">The services.</param>
    public static IServiceCollection AddFormats(this IServiceCollection services)
    {
        services.TryAddSingleton<IStreamSpool>(static _ => new TemporaryFileSpool());
        services.TryAddSingleton(static provider => new FormatRegistry(Formats, provider.GetRequiredService<IStreamSpool>()));
        return services;
    }
}
