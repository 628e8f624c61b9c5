namespace Quiver.Adapters.Storage.Sqlite;

/// <summary>Reads grain state without the grains, also while another process writes it. Thread-safe.</summary>
internal sealed class SqliteGrainReader : IAsyncDisposable
{
    private readonly SqliteDatabase _database;

    /// <summary>Opens the state for reading.</summary>
    /// <param name="path">The file, which may be missing.</param>
    public SqliteGrainReader(string path) => _database = SqliteDatabase.OpenReadOnly(path, SqliteGrainSchema.Migrations);

    /// <summary>A state as it was serialized; null when there is none.</summary>
    /// <param name="grain">The grain's identity: the type's name, a slash, the key.</param>
    /// <param name="name">The state's name.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public Task<byte[]?> FindAsync(string grain, string name, CancellationToken cancellationToken = default) =>
        _database.ReadAsync(
            session => session.Scalar("SELECT value FROM grain_state WHERE grain = @grain AND name = @name", ("@grain", grain), ("@name", name)) as byte[],
            cancellationToken);

    public ValueTask DisposeAsync() => _database.DisposeAsync();
}
