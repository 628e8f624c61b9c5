using System.Globalization;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Quiver.Adapters.Embeddings.Cache;
using Quiver.Adapters.Storage.Postgres;
using Quiver.Adapters.Storage.Sqlite;
using Quiver.Adapters.Vectors.Embedded;
using Quiver.Adapters.Vectors.Qdrant;
using Quiver.Cli.Doctor;
using Quiver.Cli.Output;
using Quiver.Silo.DataDirectory;
using Quiver.Silo.Options;

namespace Quiver.Silo.Doctor;

/// <summary>Checks that the configured vector store answers and has the features that Quiver uses.</summary>
/// <param name="settings">Reads the settings.</param>
internal sealed class VectorStoreCheck(Func<IConfiguration> settings) : IDoctorCheck
{
    /// <summary>The most collections that are examined, and the most that are named.</summary>
    private const int MaxCollections = 200;
    private const int MaxTrouble = 3;

    public string Name => "vector store";

    public async Task<DoctorResult> RunAsync(CancellationToken cancellationToken)
    {
        QdrantOptions options;
        try
        {
            var configuration = settings();
            if (ProfileSettings.ReadVectorStore(configuration) == VectorStoreKind.Embedded)
            {
                return DoctorResult.Ok("The embedded index in the data directory.");
            }

            options = SettingSections.Read<QdrantOptions>(configuration);
        }
        catch (Exception exception) when (exception is QuiverException or InvalidOperationException)
        {
            return DoctorResult.Fail(exception.Message, SettingsCheck.Advice);
        }

        var valid = new QdrantOptionsValidator().Validate(null, options);
        return valid.Failed ? DoctorResult.Fail(valid.FailureMessage, SettingsCheck.Advice) : await CheckAsync(options, cancellationToken);
    }

    private static async Task<DoctorResult> CheckAsync(QdrantOptions options, CancellationToken cancellationToken)
    {
        using var store = new QdrantStore(
            Microsoft.Extensions.Options.Options.Create(options), TimeProvider.System, Random.Shared, NullLogger<QdrantStore>.Instance);
        try
        {
            var info = await store.DescribeAsync(cancellationToken);
            return info.FencesWrites
                ? await CheckContentAsync(store, $"Qdrant {info.Version} at {options.Address}.", options, cancellationToken)
                : DoctorResult.Warn(
                    $"Qdrant {info.Version} at {options.Address} cannot fence writes: when two silos write the same point at the same "
                    + "moment, either write may win.",
                    "Use Qdrant 1.16 or newer.");
        }
        catch (QuiverException exception)
        {
            return DoctorResult.Fail(
                exception.Message, $"Start Qdrant, or set {QdrantOptions.Section}:{nameof(QdrantOptions.Address)} and {nameof(QdrantOptions.ApiKey)}.");
        }
    }

    private static async Task<DoctorResult> CheckContentAsync(QdrantStore store, string found, QdrantOptions options, CancellationToken cancellationToken)
    {
        const string Setting = $"{QdrantOptions.Section}:{nameof(QdrantOptions.RestAddress)}";
        if (await store.FindTroubleAsync(MaxCollections, cancellationToken) is { Count: > 0 } trouble)
        {
            return DoctorResult.Warn(
                $"{found} {string.Join(' ', trouble.Take(MaxTrouble))}", "See the log of the Qdrant server; a change of a collection's optimizer settings starts its optimizer.");
        }

        if (options.RestAddress is null)
        {
            return new(
                DoctorStatus.Ok,
                found,
                $"Set {Setting} to its REST address, by default port 6333, so that jobs detect a restart of the server, which can lose its last writes.");
        }

        try
        {
            await store.FindInstanceAsync(cancellationToken);
            return DoctorResult.Ok(found);
        }
        catch (QuiverException exception)
        {
            return DoctorResult.Warn($"{found} Jobs would not detect that it was restarted: {exception.Message}", $"Check {Setting}.");
        }
    }
}

/// <summary>Checks that the cluster's database answers and that this program knows its schema.</summary>
/// <param name="settings">Reads the settings.</param>
internal sealed class ClusterDatabaseCheck(Func<IConfiguration> settings) : IDoctorCheck
{
    /// <summary>Connections that the server reserves for administrators and other clients.</summary>
    private const int Reserve = 10;

    public string Name => "cluster database";

    public async Task<DoctorResult> RunAsync(CancellationToken cancellationToken)
    {
        PostgresClusterOptions options;
        try
        {
            options = SettingSections.Read<PostgresClusterOptions>(settings());
        }
        catch (Exception exception) when (exception is QuiverException or InvalidOperationException)
        {
            return DoctorResult.Fail(exception.Message, SettingsCheck.Advice);
        }

        var valid = new PostgresClusterOptionsValidator().Validate(null, options);
        return valid.Failed ? DoctorResult.Fail(valid.FailureMessage, SettingsCheck.Advice) : await CheckAsync(options, cancellationToken);
    }

    private static async Task<DoctorResult> CheckAsync(PostgresClusterOptions options, CancellationToken cancellationToken)
    {
        await using var database = new ClusterDatabase(Microsoft.Extensions.Options.Options.Create(options));
        try
        {
            var info = await ClusterDatabaseInfo.ReadAsync(database, cancellationToken);
            if (info.SchemaVersion > 0)
            {
                await database.ProbeWriteAsync(cancellationToken);
            }

            return Judge(info, database.Address, options);
        }
        catch (QuiverException exception) when (exception.Code == ErrorCodes.StorageFull)
        {
            return DoctorResult.Fail(exception.Message, "Free space on the disk of the database server.");
        }
        catch (QuiverException exception)
        {
            return DoctorResult.Fail(
                exception.Message, $"Start PostgreSQL, or set {PostgresClusterOptions.Section}:{nameof(PostgresClusterOptions.ConnectionString)}.");
        }
    }

    private static DoctorResult Judge(ClusterDatabaseInfo info, string place, PostgresClusterOptions options)
    {
        var known = ClusterDatabaseInfo.KnownVersion;
        var schema = info.SchemaVersion == known ? $"schema '{options.Schema}' of version {known}"
            : info.SchemaVersion < known ? $"schema '{options.Schema}' of version {info.SchemaVersion}, which a starting silo brings to {known}"
            : $"schema '{options.Schema}' of version {info.SchemaVersion}, which is newer than this program's {known}";
        var found = $"PostgreSQL {info.Server} at {place}, {schema}.";
        return info.SchemaVersion > known ? DoctorResult.Fail(found, "Install the Quiver version of the other silos.")
            : info.MaxConnections < options.MaxPoolSize + Reserve
                ? DoctorResult.Warn(
                    $"{found} It allows {info.MaxConnections} connections, and each silo may use {options.MaxPoolSize}.",
                    $"Raise max_connections of the server, or lower {PostgresClusterOptions.Section}:{nameof(options.MaxPoolSize)}.")
            : DoctorResult.Ok(found);
    }
}

/// <summary>Shows what each store of the data directory takes up, and what compacting would release.</summary>
/// <param name="files">The data directory, which need not exist.</param>
/// <param name="settings">Reads the settings.</param>
internal sealed class StorageSizeCheck(DataDirectoryFiles files, Func<IConfiguration> settings) : IDoctorCheck
{
    /// <summary>Less unused space is not worth a command.</summary>
    private const long WorthCompacting = 16L << 20;

    public string Name => "storage size";

    public Task<DoctorResult> RunAsync(CancellationToken cancellationToken) => Task.Run(Check, cancellationToken);

    private DoctorResult Check()
    {
        long maxCache;
        try
        {
            maxCache = SettingSections.Read<EmbeddingCacheOptions>(settings()).MaxBytes;
        }
        catch (Exception exception) when (exception is QuiverException or InvalidOperationException)
        {
            return DoctorResult.Fail(exception.Message, SettingsCheck.Advice);
        }

        var stores = StorageSizes.Measure(files);
        if (stores.Count == 0)
        {
            return DoctorResult.Ok("nothing is stored yet.");
        }

        var sizes = stores.Select(store =>
            $"{store.Name} {Quantities.Bytes(store.Size.Bytes)}{(store.Name == StorageSizes.Cache ? $" of at most {Quantities.Bytes(maxCache)}" : "")}");
        var free = stores.Sum(static store => store.Size.FreeBytes);
        return new(
            DoctorStatus.Ok,
            $"{string.Join(", ", sizes)}.",
            free >= WorthCompacting ? $"quiver compact releases at least {Quantities.Bytes(free)} of unused space." : null);
    }
}

/// <summary>Checks that the SQLite files of the data directory are readable, intact and not of a newer Quiver.</summary>
/// <param name="files">The data directory, which need not exist.</param>
internal sealed class DatabaseFilesCheck(DataDirectoryFiles files) : IDoctorCheck
{
    /// <summary>Larger files are opened but not read completely.</summary>
    private const long MaxCheckedBytes = 512L << 20;

    public string Name => "databases";

    public Task<DoctorResult> RunAsync(CancellationToken cancellationToken) => Task.Run(Check, cancellationToken);

    private DoctorResult Check()
    {
        List<(string Path, int KnownVersion)> databases =
        [
            (files.Ledger, LedgerSchema.Migrations.Count),
            (files.GrainState, SqliteGrainSchema.Migrations.Count),
            (files.EmbeddingCache, CacheTable.Migrations.Count),
            .. Directory.Exists(files.Vectors)
                ? Directory.EnumerateFiles(files.Vectors, "index.db", SearchOption.AllDirectories).Select(static path => (path, FlatSchema.Migrations.Count))
                : [],
        ];
        var existing = databases.FindAll(static database => File.Exists(database.Path));
        var faults = existing.Select(static database => FindFault(database.Path, database.KnownVersion)).OfType<string>().ToList();
        return faults.Count > 0
            ? DoctorResult.Fail(string.Join(' ', faults), $"Restore {files.Directory} from a backup, or see 'The data directory' in docs/operating.md.")
            : DoctorResult.Ok(existing.Count == 0 ? "none yet." : $"{existing.Count} intact in {files.Directory}.");
    }

    private static string? FindFault(string path, int knownVersion)
    {
        try
        {
            var source = new SqliteConnectionStringBuilder { DataSource = path, Mode = SqliteOpenMode.ReadOnly, Pooling = false };
            using var connection = new SqliteConnection(source.ConnectionString);
            connection.Open();
            var version = Convert.ToInt32(Read(connection, "PRAGMA user_version"), CultureInfo.InvariantCulture);
            if (version > knownVersion)
            {
                return $"{path} was written by a newer Quiver (schema {version}, this one knows {knownVersion}): use that version, or another data directory.";
            }

            var isLarge = new FileInfo(path).Length > MaxCheckedBytes;
            var found = Read(connection, isLarge ? "PRAGMA schema_version" : "PRAGMA quick_check(1)");
            return found is "ok" or long ? null : $"{path} is damaged: {found}.";
        }
        catch (SqliteException exception)
        {
            return $"{path} cannot be read: {exception.Message.TrimEnd('.')}.";
        }
    }

    private static object? Read(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return command.ExecuteScalar();
    }
}
