
namespace Quiver.Adapters.Storage.Postgres;

/// <summary>What a look at the cluster's database shows.</summary>
/// <param name="Server">The server's version.</param>
/// <param name="MaxConnections">Connections that the server allows, for all who use it.</param>
/// <param name="SchemaVersion">The version of the schema; 0 where there is none yet.</param>
internal sealed record ClusterDatabaseInfo(string Server, int MaxConnections, int SchemaVersion)
{
    /// <summary>The version of this program's schema.</summary>
    public static int KnownVersion => SchemaMigration.All[^1].Version;

    /// <summary>Looks; changes nothing.</summary>
    /// <param name="database">The database.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="QuiverException">It cannot be reached, or refuses.</exception>
    public static async Task<ClusterDatabaseInfo> ReadAsync(ClusterDatabase database, CancellationToken cancellationToken)
    {
        var server = await database.QueryAsync(
            [new("SELECT split_part(current_setting('server_version'), ' ', 1), current_setting('max_connections')::integer, to_regclass('quiver_schema') IS NOT NULL")],
            static row => (Version: row.GetString(0), MaxConnections: row.GetInt32(1), HasSchema: row.GetBoolean(2)),
            cancellationToken);
        var version = server[0].HasSchema
            ? await database.QueryAsync([new("SELECT coalesce(max(version), 0) FROM quiver_schema")], static row => row.GetInt32(0), cancellationToken)
            : [0];
        return new(server[0].Version, server[0].MaxConnections, version[0]);
    }
}
