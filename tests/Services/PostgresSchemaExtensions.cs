using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Quiver.Adapters.Storage.Postgres;

namespace Quiver.Tests.Services;

/// <summary>A test's schema as the database of a cluster.</summary>
internal static class PostgresSchemaExtensions
{
    /// <summary>The database, as a silo has it; the schema is as it is.</summary>
    public static ClusterDatabase OpenCluster(this PostgresSchema schema, Action<PostgresClusterOptions>? configure = null)
    {
        var options = new PostgresClusterOptions { ConnectionString = schema.Server.ConnectionString, Schema = schema.Name, MaxPoolSize = 6 };
        configure?.Invoke(options);
        return new(Options.Create(options));
    }

    /// <summary>The database with the schema of this program.</summary>
    public static async Task<ClusterDatabase> OpenMigratedClusterAsync(this PostgresSchema schema, Action<PostgresClusterOptions>? configure = null)
    {
        var database = schema.OpenCluster(configure);
        await database.Migrator().MigrateAsync(TestContext.Current.CancellationToken);
        return database;
    }

    public static SchemaMigrator Migrator(this ClusterDatabase database) => new(database, NullLogger<SchemaMigrator>.Instance);
}
