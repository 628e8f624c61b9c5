using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Quiver.Adapters.Embeddings.Cache;
using Quiver.Adapters.Storage.Files;
using Quiver.Adapters.Storage.Postgres;
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

            if (info.SchemaVersion == ClusterDatabaseInfo.KnownVersion || info is { SchemaVersion: 0, HasTables: true })
            {
                await TableMarks.RequireWholeAsync(database, cancellationToken);
            }

            return Judge(info, database.Address, options);
        }
        catch (QuiverException exception) when (exception.Code == ErrorCodes.StorageFull)
        {
            return DoctorResult.Fail(exception.Message, "Free space on the disk of the database server.");
        }
        catch (QuiverException exception) when (exception.Code == ErrorCodes.StorageDamaged)
        {
            return DoctorResult.Fail(exception.Message, "quiver repair --dry-run says what it rebuilds and what is lost.");
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
/// <param name="directory">The data directory, absolute; it need not exist.</param>
/// <param name="settings">Reads the settings.</param>
internal sealed class StorageSizeCheck(string directory, Func<IConfiguration> settings) : IDoctorCheck
{
    /// <summary>Less unused space is not worth a command.</summary>
    private const long WorthCompacting = 16L << 20;

    public string Name => "storage size";

    public Task<DoctorResult> RunAsync(CancellationToken cancellationToken) => Task.Run(Check, cancellationToken);

    private DoctorResult Check()
    {
        long maxCache;
        DataDirectoryFiles files;
        try
        {
            var configuration = settings();
            maxCache = SettingSections.Read<EmbeddingCacheOptions>(configuration).MaxBytes;
            files = DataDirectoryFiles.Of(directory, configuration);
        }
        catch (Exception exception) when (exception is QuiverException or InvalidOperationException)
        {
            return DoctorResult.Fail(exception.Message, SettingsCheck.Advice);
        }

        var stores = DirectoryStores.Of(files).Select(static store => (store.Name, Size: store.Measure())).ToList();
        if (stores.Count == 0)
        {
            return DoctorResult.Ok("nothing is stored yet.");
        }

        var sizes = stores.Select(store =>
            $"{store.Name} {Quantities.Bytes(store.Size.Bytes)}{(store.Name == DirectoryStores.Cache ? $" of at most {Quantities.Bytes(maxCache)}" : "")}");
        var free = stores.Sum(static store => store.Size.FreeBytes);
        return new(
            DoctorStatus.Ok,
            $"{string.Join(", ", sizes)}.",
            free >= WorthCompacting ? $"quiver compact releases at least {Quantities.Bytes(free)} of unused space." : null);
    }
}

/// <summary>Checks that the databases of the data directory are there, current, intact and not of a newer Quiver, and so are the vectors of an index.</summary>
/// <param name="directory">The data directory, absolute; it need not exist.</param>
/// <param name="settings">Reads the settings.</param>
internal sealed class DatabaseFilesCheck(string directory, Func<IConfiguration> settings) : IDoctorCheck
{
    /// <summary>Larger files are opened but not read completely.</summary>
    private const long MaxCheckedBytes = 512L << 20;

    public string Name => "databases";

    public Task<DoctorResult> RunAsync(CancellationToken cancellationToken) => Task.Run(() => Check(cancellationToken), cancellationToken);

    private DoctorResult Check(CancellationToken cancellationToken)
    {
        DataDirectoryFiles files;
        try
        {
            files = DataDirectoryFiles.Of(directory, settings());
        }
        catch (QuiverException exception)
        {
            return DoctorResult.Fail(exception.Message, SettingsCheck.Advice);
        }

        List<StoreDamage> faults = [];
        DirectoryManifest? manifest = null;
        try
        {
            manifest = DirectoryManifest.Open(files.Directory);
        }
        catch (QuiverException exception)
        {
            faults.Add(StoreDamage.Of(exception));
        }

        var stores = DirectoryStores.Of(files, manifest);
        faults.AddRange(stores.Select(store => store.FindDamage(manifest, MaxCheckedBytes, cancellationToken)).OfType<StoreDamage>());
        return faults.Count > 0
            ? DoctorResult.Fail(
                string.Join(' ', faults.Select(static fault => fault.Sentence)),
                faults.Exists(static fault => fault.IsDamage)
                    ? "Stop Quiver, then run quiver repair, which says first what it rebuilds with --dry-run; or restore the whole directory from a backup."
                    : "Check the permissions of the files, or use the version of Quiver that wrote them.")
            : DoctorResult.Ok(stores.Count == 0 ? "none yet." : $"{stores.Count} intact in {files.Directory}.");
    }
}
