namespace Quiver.Adapters.Storage.Sqlite;

/// <summary>What a schema's version says.</summary>
internal static class SqliteSchema
{
    /// <summary>Refuses a file of a newer Quiver.</summary>
    /// <param name="path">The file.</param>
    /// <param name="version">Its version.</param>
    /// <param name="migrations">The steps that this Quiver knows.</param>
    /// <exception cref="PermanentException">With <see cref="ErrorCodes.StorageUnavailable"/>.</exception>
    public static void RequireNotNewer(string path, int version, IReadOnlyList<SqliteMigration> migrations)
    {
        if (version > migrations.Count)
        {
            throw new PermanentException(
                ErrorCodes.StorageUnavailable,
                $"{path} was written by a newer Quiver (schema {version}, this one knows {migrations.Count}): use that version, or another data directory.");
        }
    }
}
