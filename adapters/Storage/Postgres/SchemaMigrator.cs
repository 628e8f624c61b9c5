using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Quiver.Adapters.Storage.Postgres;

/// <summary>
/// Migrates the schema of the cluster's database. An advisory lock, which is released with its connection, allows one process at a time; the
/// others wait.
/// </summary>
internal sealed partial class SchemaMigrator(ClusterDatabase database, ILogger<SchemaMigrator> logger)
{
    private const int MinServerVersion = 13;

    private string Schema => database.Options.Schema;

    /// <summary>Applies the missing migrations, each in one transaction.</summary>
    /// <returns>The number of applied migrations.</returns>
    /// <exception cref="TransientException">The database cannot be reached, or another process holds the lock for longer than the options allow.</exception>
    /// <exception cref="PermanentException">The schema is newer than this program, or the database is not supported.</exception>
    public Task<int> MigrateAsync(CancellationToken cancellationToken = default) => MigrateAsync(SchemaMigration.All, cancellationToken);

    /// <inheritdoc cref="MigrateAsync(CancellationToken)"/>
    internal Task<int> MigrateAsync(ImmutableArray<SchemaMigration> steps, CancellationToken cancellationToken) =>
        database.GuardAsync(
            async () =>
            {
                // Not from the pool: the next user of the connection would inherit the lock and the lock timeout.
                await using var connection = new NpgsqlConnection(ConnectionString());
                await connection.OpenAsync(cancellationToken);
                await CheckServerAsync(connection, cancellationToken);
                await LockAsync(connection, cancellationToken);
                await EnsureSchemaAsync(connection, cancellationToken);
                var current = await ReadVersionAsync(connection, cancellationToken);
                if (current == 0 && await ScalarAsync(connection, "SELECT to_regclass('ledger_jobs')::text", cancellationToken) is string)
                {
                    throw new PermanentException(
                        ErrorCodes.StorageDamaged, $"{TableMarks.Describe(["quiver_schema"], database)} {TableMarks.Advice}");
                }

                if (current > steps[^1].Version)
                {
                    throw new PermanentException(
                        ErrorCodes.StorageUnavailable,
                        $"The schema '{Schema}' of {database.Address} has version {current}, and this version of Quiver knows versions up to "
                        + $"{steps[^1].Version}: a newer version of Quiver has migrated it; install that version here too.");
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
        if (connection.PostgreSqlVersion.Major < MinServerVersion)
        {
            throw Unusable($"is PostgreSQL {connection.PostgreSqlVersion}: Quiver needs version {MinServerVersion} or a newer one");
        }

        if (await ScalarAsync(connection, "SHOW server_encoding", cancellationToken) is not "UTF8" and var encoding)
        {
            throw Unusable($"holds text as {encoding}: create one with ENCODING 'UTF8' and name that one");
        }
    }

    private async Task LockAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        // The same timeout applies to the locks of tables during migrations.
        var timeout = (long)database.Options.MigrationTimeout.TotalMilliseconds;
        await ScalarAsync(connection, $"SELECT set_config('lock_timeout', '{timeout}', false)", cancellationToken);
        try
        {
            await ScalarAsync(connection, $"SELECT pg_advisory_lock({LockKey(Schema)})", cancellationToken);
        }
        catch (PostgresException exception) when (exception.SqlState == PostgresErrorCodes.LockNotAvailable)
        {
            throw new TransientException(
                ErrorCodes.Timeout,
                $"Another process has been migrating the schema '{Schema}' of {database.Address} for {database.Options.MigrationTimeout}: "
                + $"wait for it, or raise {PostgresClusterOptions.Section}:{nameof(PostgresClusterOptions.MigrationTimeout)}.",
                exception);
        }
    }

    /// <summary>The key of the advisory lock; all schemas of a database share one key space.</summary>
    internal static long LockKey(string schema) =>
        BinaryPrimitives.ReadInt64LittleEndian(SHA256.HashData(Encoding.UTF8.GetBytes($"quiver schema {schema}")));

    private async Task EnsureSchemaAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        // Checked first, because creating a schema needs a privilege that using it does not.
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

    private PermanentException Unusable(string why) => new(ErrorCodes.StorageUnavailable, $"The database {database.Address} {why}.");

    [LoggerMessage(6100, LogLevel.Information, "Migrated the schema {Schema} to version {Version} ({Name})")]
    private static partial void LogApplied(ILogger logger, string schema, int version, string name);
}

/// <summary>
/// Migrates the schema before services that are registered after it start. Waits for a database that cannot be reached yet, as when all
/// services start at once.
/// </summary>
internal sealed partial class SchemaMigrationService(
    SchemaMigrator migrator, ClusterDatabase database, TimeProvider time, ILogger<SchemaMigrationService> logger) : IHostedService
{
    private static readonly TimeSpan RetryDelay = TimeSpan.FromSeconds(1);

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        while (true)
        {
            try
            {
                await migrator.MigrateAsync(cancellationToken);
                await TableMarks.RequireWholeAsync(database, cancellationToken);
                return;
            }
            catch (TransientException exception) when (time.GetElapsedTime(started) < database.Options.MigrationTimeout)
            {
                LogWaiting(logger, database.Address, exception.Message);
            }

            await Task.Delay(RetryDelay, time, cancellationToken);
        }
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    [LoggerMessage(6101, LogLevel.Warning, "Cannot check the schema of {Address} yet: {Reason}")]
    private static partial void LogWaiting(ILogger logger, string address, string reason);
}

/// <summary>A migration of the schema of the cluster's database.</summary>
/// <param name="Version">Numbered from 1 without gaps.</param>
/// <param name="Name">Its subject.</param>
/// <param name="Script">The statements, run in one transaction.</param>
internal sealed record SchemaMigration(int Version, string Name, string Script)
{
    private const string Prefix = "Quiver.Adapters.Storage.Postgres.Migrations.";
    private const string Ending = ".sql";

    /// <summary>All migrations, in order.</summary>
    public static ImmutableArray<SchemaMigration> All { get; } = Read();

    private static ImmutableArray<SchemaMigration> Read()
    {
        var assembly = typeof(SchemaMigration).Assembly;
        return
        [
            .. from resource in assembly.GetManifestResourceNames()
               where resource.StartsWith(Prefix, StringComparison.Ordinal) && resource.EndsWith(Ending, StringComparison.Ordinal)
               let name = resource[Prefix.Length..^Ending.Length]
               let dash = name.IndexOf('-', StringComparison.Ordinal)
               let version = int.Parse(name[..dash], NumberStyles.None, CultureInfo.InvariantCulture)
               orderby version
               select new SchemaMigration(version, name[(dash + 1)..], ReadText(assembly.GetManifestResourceStream(resource)!)),
        ];
    }

    private static string ReadText(Stream resource)
    {
        using var reader = new StreamReader(resource);
        return reader.ReadToEnd();
    }
}
