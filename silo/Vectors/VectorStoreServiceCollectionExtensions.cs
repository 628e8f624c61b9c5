using Microsoft.Extensions.DependencyInjection.Extensions;
using Quiver.Adapters.Vectors.Embedded;
using Quiver.Adapters.Vectors.Qdrant;
using Quiver.Silo.Api.Health;

namespace Quiver.Silo.Vectors;

/// <summary>Registers the vector store that the settings name.</summary>
internal static class VectorStoreServiceCollectionExtensions
{
    private const string Setting = "Quiver:Vectors:Store";

    /// <summary>Adds the store; only the settings of that one count.</summary>
    /// <param name="services">Where to.</param>
    /// <param name="configuration">The settings.</param>
    /// <param name="directory">Where the embedded index lies unless its settings say otherwise.</param>
    /// <exception cref="InvalidRequestException">With <see cref="ErrorCodes.InvalidOption"/>: the settings name no store.</exception>
    public static IServiceCollection AddVectorStore(this IServiceCollection services, IConfiguration configuration, string directory)
    {
        if (ReadKind(configuration) == VectorStoreKind.Qdrant)
        {
            services.AddOptions<QdrantOptions>().Bind(configuration.GetSection(QdrantOptions.Section));
            services.TryAddEnumerable(ServiceDescriptor.Singleton<IReadinessCheck, VectorStoreReadinessCheck>());
            return services.AddQdrant();
        }

        services.AddOptions<FlatIndexOptions>().Bind(configuration.GetSection("Quiver:FlatIndex")).ValidateOnStart();
        return services.AddFlatIndex((options, _) => options.Directory = options.Directory is "" ? directory : options.Directory);
    }

    /// <summary>The store that the settings name.</summary>
    /// <exception cref="InvalidRequestException">With <see cref="ErrorCodes.InvalidOption"/>: they name none.</exception>
    public static VectorStoreKind ReadKind(IConfiguration configuration) =>
        configuration[Setting] switch
        {
            null or "" => VectorStoreKind.Embedded,
            var name when Enum.TryParse<VectorStoreKind>(name, ignoreCase: true, out var kind) && Enum.IsDefined(kind) => kind,
            var name => throw new InvalidRequestException(
                ErrorCodes.InvalidOption, $"{Setting} is '{name}': set it to {string.Join(" or ", Enum.GetNames<VectorStoreKind>())}."),
        };
}
