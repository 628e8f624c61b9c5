namespace Quiver.Adapters.Storage.Sqlite;

/// <summary>The tables of grain state and reminders.</summary>
internal static class SqliteGrainSchema
{
    /// <summary>The steps of the schema.</summary>
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
    ];
}
