using Microsoft.Data.Sqlite;

namespace Quiver.Adapters.Storage.Sqlite;

/// <summary>Classifies SQLite's errors once, for every database of ours.</summary>
internal static class SqliteErrors
{
    private const int Busy = 5;
    private const int Locked = 6;
    private const int Interrupted = 9;

    public static Exception Translate(SqliteException error, string path) => error.SqliteErrorCode switch
    {
        Busy or Locked or Interrupted => new TransientException(ErrorCodes.StorageUnavailable, $"The database {path} is busy: {error.Message}", error),
        _ => new PermanentException(ErrorCodes.StorageUnavailable, $"The database {path} cannot be used: {error.Message} Check the disk's free space and the file's permissions.", error),
    };
}
