using Quiver.Adapters.Storage.Postgres;

namespace Quiver.Silo.Options;

/// <summary>The vector stores.</summary>
public enum VectorStoreKind
{
    /// <summary>The embedded exact index in the data directory.</summary>
    Embedded = 1,

    /// <summary>A Qdrant server.</summary>
    Qdrant = 2,
}

/// <summary>The choices that decide which services there are. They are read before any options.</summary>
internal static class ProfileSettings
{
    private const string ConnectionString = $"{PostgresClusterOptions.Section}:{nameof(PostgresClusterOptions.ConnectionString)}";
    private const string Store = "Quiver:Vectors:Store";

    /// <summary>True for a silo of a cluster, false for a single silo.</summary>
    /// <exception cref="InvalidRequestException">With <see cref="ErrorCodes.InvalidOption"/>: settings of a cluster are there, but its database is
    /// missing.</exception>
    public static bool IsCluster(IConfiguration configuration)
    {
        switch (configuration[ConnectionString])
        {
            case { Length: > 0 }:
                return true;
            case "":
                throw new InvalidRequestException(
                    ErrorCodes.InvalidOption,
                    $"{ConnectionString} is empty: set it to the cluster's PostgreSQL database (Host=…;Port=…;Database=…;Username=…;Password=…), "
                    + "or remove the setting (unset the environment variable) to run a single silo.");
        }

        // A silo that starts as a single one by mistake would store documents where the cluster's other silos do not see them.
        var other = configuration.GetSection(ClusterOptions.Section).AsEnumerable().FirstOrDefault(static setting => !string.IsNullOrEmpty(setting.Value)).Key;
        return other is not null
            ? throw new InvalidRequestException(
                ErrorCodes.InvalidOption,
                $"{other} is set, which is for silos of a cluster, and {PostgresClusterOptionsValidator.NoConnection} Remove it to run a single silo.")
            : false;
    }

    /// <summary>The vector store of the settings. Default: embedded.</summary>
    /// <exception cref="InvalidRequestException">With <see cref="ErrorCodes.InvalidOption"/>: there is no such store.</exception>
    public static VectorStoreKind ReadVectorStore(IConfiguration configuration) => configuration[Store] switch
    {
        null or "" => VectorStoreKind.Embedded,
        var name when Enum.TryParse<VectorStoreKind>(name, ignoreCase: true, out var kind) && Enum.IsDefined(kind) => kind,
        var name => throw new InvalidRequestException(
            ErrorCodes.InvalidOption, $"{Store} is '{name}': set it to {string.Join(" or ", Enum.GetNames<VectorStoreKind>())}."),
    };
}
