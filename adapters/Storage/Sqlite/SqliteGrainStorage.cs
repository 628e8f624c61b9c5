using System.Globalization;
using Orleans;
using Orleans.Runtime;
using Orleans.Storage;
using Quiver.Adapters.Storage.Files;

namespace Quiver.Adapters.Storage.Sqlite;

/// <summary>
/// Stores grain state in SQLite. The ETag is the version of the record, compared and incremented by the statement that writes. State is
/// serialized before the first await, so that a write stores the state at the time of the call.
/// </summary>
/// <param name="database">A database with <see cref="SqliteGrainSchema"/>; the caller disposes it.</param>
/// <param name="serializer">Serializes the state.</param>
internal sealed class SqliteGrainStorage(SqliteDatabase database, IGrainStorageSerializer serializer) : IGrainStorage
{
    private const string SelectSql = "SELECT version, value FROM grain_state WHERE grain = $grain AND name = $name";
    private const string VersionSql = "SELECT version FROM grain_state WHERE grain = $grain AND name = $name";
    private const string InsertSql = "INSERT INTO grain_state (grain, name, version, value) VALUES ($grain, $name, 1, $value) ON CONFLICT DO NOTHING";
    private const string DeleteSql = "DELETE FROM grain_state WHERE grain = $grain AND name = $name AND version = $version";

    private const string UpdateSql =
        "UPDATE grain_state SET version = version + 1, value = $value WHERE grain = $grain AND name = $name AND version = $version";

    public Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState) =>
        ReadStateAsync(stateName, grainId, grainState, CancellationToken.None);

    public async Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState, CancellationToken cancellationToken)
    {
        var record = await database.ReadAsync(session => Select(session, stateName, grainId), cancellationToken);
        grainState.State = record is var (_, value) ? serializer.Deserialize<T>(new BinaryData(value)) : Activator.CreateInstance<T>();
        grainState.ETag = record is var (version, _) ? ToETag(version) : null;
        grainState.RecordExists = record is not null;
    }

    public Task WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState) =>
        WriteStateAsync(stateName, grainId, grainState, CancellationToken.None);

    public async Task WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState, CancellationToken cancellationToken)
    {
        var value = serializer.Serialize(grainState.State).ToArray();
        var version = ToVersion(grainState.ETag);
        await ChangeAsync(
            stateName,
            grainId,
            grainState.ETag,
            session => version == 0
                ? session.Execute(InsertSql, ("$grain", grainId.ToString()), ("$name", stateName), ("$value", value))
                : session.Execute(UpdateSql, ("$grain", grainId.ToString()), ("$name", stateName), ("$value", value), ("$version", version)),
            cancellationToken);
        grainState.ETag = ToETag(version + 1);
        grainState.RecordExists = true;
    }

    public Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState) =>
        ClearStateAsync(stateName, grainId, grainState, CancellationToken.None);

    public async Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState, CancellationToken cancellationToken)
    {
        var version = ToVersion(grainState.ETag);
        await ChangeAsync(
            stateName,
            grainId,
            grainState.ETag,
            session => version == 0
                ? StoredVersion(session, stateName, grainId) is null ? 1 : 0
                : session.Execute(DeleteSql, ("$grain", grainId.ToString()), ("$name", stateName), ("$version", version)),
            cancellationToken);
        grainState.State = Activator.CreateInstance<T>();
        grainState.ETag = null;
        grainState.RecordExists = false;
    }

    /// <summary>Runs a change of exactly one record; a change of none means that another writer was faster.</summary>
    private async Task ChangeAsync(string stateName, GrainId grainId, string? etag, Func<SqliteSession, int> change, CancellationToken cancellationToken)
    {
        var (done, stored) = await database.WriteAsync(
            session => change(session) == 1 ? (true, null) : (false, StoredVersion(session, stateName, grainId)),
            cancellationToken);
        if (!done)
        {
            throw new InconsistentStateException(
                $"Another writer changed the record '{stateName}' of {grainId}.", stored is { } version ? ToETag(version) : null, etag);
        }
    }

    private static (long Version, byte[] Value)? Select(SqliteSession session, string stateName, GrainId grainId)
    {
        using var reader = session.Query(SelectSql, ("$grain", grainId.ToString()), ("$name", stateName));
        return reader.Read() ? (reader.GetInt64(0), reader.GetFieldValue<byte[]>(1)) : null;
    }

    private static long? StoredVersion(SqliteSession session, string stateName, GrainId grainId) =>
        (long?)session.Scalar(VersionSql, ("$grain", grainId.ToString()), ("$name", stateName));

    private static string ToETag(long version) => version.ToString(CultureInfo.InvariantCulture);

    private static long ToVersion(string? etag) => etag is null ? 0 : long.Parse(etag, CultureInfo.InvariantCulture);
}

/// <summary>Reads grain state without grains, also while another process writes it. Thread-safe.</summary>
internal sealed class SqliteGrainReader : IAsyncDisposable
{
    private readonly SqliteDatabase _database;

    /// <summary>Opens the file for reading; it may be missing.</summary>
    public SqliteGrainReader(string path, DirectoryManifest? manifest = null) =>
        _database = SqliteDatabase.OpenReadOnly(path, SqliteGrainSchema.Migrations, manifest);

    /// <summary>Returns a serialized state; null when there is none. The grain is <c>type/key</c>.</summary>
    public Task<byte[]?> FindAsync(string grain, string name, CancellationToken cancellationToken = default) =>
        _database.ReadAsync(
            session => session.Scalar("SELECT value FROM grain_state WHERE grain = @grain AND name = @name", ("@grain", grain), ("@name", name)) as byte[],
            cancellationToken);

    public ValueTask DisposeAsync() => _database.DisposeAsync();
}

/// <summary>The tables of grain state and reminders.</summary>
internal static class SqliteGrainSchema
{
    /// <summary>All migrations, in order.</summary>
    public static IReadOnlyList<SqliteMigration> Migrations { get; } =
    [
        new(1, """
            CREATE TABLE grain_state (
                grain TEXT NOT NULL,
                name TEXT NOT NULL,
                version INTEGER NOT NULL,
                value BLOB NOT NULL,
                PRIMARY KEY (grain, name)
            ) WITHOUT ROWID;
            CREATE TABLE reminders (
                grain TEXT NOT NULL,
                name TEXT NOT NULL,
                first_tick INTEGER NOT NULL,
                period INTEGER NOT NULL,
                etag TEXT NOT NULL,
                PRIMARY KEY (grain, name)
            ) WITHOUT ROWID
            """),
        SqliteMigration.PageSums(2),
    ];
}
