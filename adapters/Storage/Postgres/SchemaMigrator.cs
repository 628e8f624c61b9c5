using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Quiver.Adapters.Storage.Postgres;

/// <summary>
/// Brings the schema of the cluster's database up to date. One process at a time, however many start at once: a lock of the database, which
/// goes with the connection that holds it, makes the others wait.
/// </summary>
/// <param name="database">The database.</param>
/// <param name="logger">Says which steps were made.</param>
internal sealed partial class SchemaMigrator(ClusterDatabase database, ILogger<SchemaMigrator> logger)
{
    private const int LeastServerVersion = 13;

    private string Schema => database.Options.Schema;

    /// <summary>Makes the steps that are missing; none where there are none.</summary>
    /// <param name="cancellationToken">Gives up; a step is made whole or not at all.</param>
    /// <returns>How many steps were made.</returns>
    /// <exception cref="TransientException">The database cannot be reached, or another process works on it for longer than the options allow.</exception>
    /// <exception cref="PermanentException">Its schema is newer than this program, or it cannot hold one.</exception>
    public Task<int> MigrateAsync(CancellationToken cancellationToken = default) => MigrateAsync(SchemaMigration.All, cancellationToken);

    /// <inheritdoc cref="MigrateAsync(CancellationToken)"/>
    internal Task<int> MigrateAsync(ImmutableArray<SchemaMigration> steps, CancellationToken cancellationToken) =>
        database.GuardAsync(
            async () =>
            {
                // A connection of its own: of the pool's, the next user would keep the lock and the patience.
                await using var connection = new NpgsqlConnection(ConnectionString());
                await connection.OpenAsync(cancellationToken);
                await CheckServerAsync(connection, cancellationToken);
                await LockAsync(connection, cancellationToken);
                await EnsureSchemaAsync(connection, cancellationToken);
                var current = await ReadVersionAsync(connection, cancellationToken);
                if (current > steps[^1].Version)
                {
                    throw new PermanentException(
                        ErrorCodes.StorageUnavailable,
                        $"The schema '{Schema}' of {database.Place} has version {current} and this Quiver knows versions up to {steps[^1].Version}: a newer Quiver has changed it; install that one here too.");
                }

                foreach (var step in steps.Where(step => step.Version > current))
                {
                    await ApplyAsync(connection, step, cancellationToken);
                }

                return steps[^1].Version - current;
            },
            cancellationToken);

    private string ConnectionString() => new NpgsqlConnectionStringBuilder(database.ConnectionString)
    {
        Pooling = false,
        CommandTimeout = (int)Math.Ceiling(database.Options.MigrationTimeout.TotalSeconds) + 5,
    }.ConnectionString;

    private async Task CheckServerAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        if (connection.PostgreSqlVersion.Major < LeastServerVersion)
        {
            throw Unusable($"is PostgreSQL {connection.PostgreSqlVersion}: Quiver needs version {LeastServerVersion} or a newer one");
        }

        if (await ScalarAsync(connection, "SHOW server_encoding", cancellationToken) is not "UTF8" and var encoding)
        {
            throw Unusable($"holds text as {encoding}: create one with ENCODING 'UTF8' and name that one");
        }
    }

    private async Task LockAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        // The same patience for the tables' locks later on.
        var patience = (long)database.Options.MigrationTimeout.TotalMilliseconds;
        await ScalarAsync(connection, $"SELECT set_config('lock_timeout', '{patience}', false)", cancellationToken);
        try
        {
            await ScalarAsync(connection, $"SELECT pg_advisory_lock({LockKey(Schema)})", cancellationToken);
        }
        catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.LockNotAvailable)
        {
            throw new TransientException(
                ErrorCodes.Timeout,
                $"Another process has been changing the schema '{Schema}' of {database.Place} for {database.Options.MigrationTimeout}: wait for it, or raise {PostgresClusterOptions.Section}:{nameof(PostgresClusterOptions.MigrationTimeout)}.",
                e);
        }
    }

    /// <summary>A database has one name space for locks, whatever the schema.</summary>
    internal static long LockKey(string schema) => BinaryPrimitives.ReadInt64LittleEndian(SHA256.HashData(Encoding.UTF8.GetBytes($"quiver schema {schema}")));

    private async Task EnsureSchemaAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        // Looked for first, because making one needs a right that using one does not.
        if (await ScalarAsync(connection, $"SELECT 1 FROM pg_namespace WHERE nspname = '{Schema}'", cancellationToken) is null)
        {
            await ScalarAsync(connection, $"CREATE SCHEMA \"{Schema}\"", cancellationToken);
        }

        await ScalarAsync(
            connection,
            "CREATE TABLE IF NOT EXISTS quiver_schema (version integer PRIMARY KEY, name text NOT NULL, applied_at timestamptz NOT NULL DEFAULT now())",
            cancellationToken);
    }

    private static async Task<int> ReadVersionAsync(NpgsqlConnection connection, CancellationToken cancellationToken) =>
        (int)(await ScalarAsync(connection, "SELECT coalesce(max(version), 0) FROM quiver_schema", cancellationToken))!;

    private async Task ApplyAsync(NpgsqlConnection connection, SchemaMigration step, CancellationToken cancellationToken)
    {
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await ScalarAsync(connection, step.Script, cancellationToken);
        await using var record = new NpgsqlCommand("INSERT INTO quiver_schema (version, name) VALUES ($1, $2)", connection, transaction)
        {
            Parameters = { PostgresStatement.Value(step.Version), PostgresStatement.Value(step.Name) },
        };
        await record.ExecuteNonQueryAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        LogApplied(logger, Schema, step.Version, step.Name);
    }

    private static async Task<object?> ScalarAsync(NpgsqlConnection connection, string sql, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync(cancellationToken);
    }

    private PermanentException Unusable(string why) => new(ErrorCodes.StorageUnavailable, $"The database {database.Place} {why}.");

    [LoggerMessage(6100, LogLevel.Information, "The schema {Schema} was brought to version {Version} ({Name})")]
    private static partial void LogApplied(ILogger logger, string schema, int version, string name);
}
