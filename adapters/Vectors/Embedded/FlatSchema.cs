
using Quiver.Adapters.Storage.Sqlite;

namespace Quiver.Adapters.Vectors.Embedded;

/// <summary>The tables beside the vectors.</summary>
internal static class FlatSchema
{
    /// <summary>All steps, in order.</summary>
    public static IReadOnlyList<SqliteMigration> Migrations { get; } =
    [
        // The slot is the row's key, so the two indexes give slots without touching the rows. The text comes last: reading the columns
        // before it does not follow a long row into its overflow pages.
        new(1, """
            CREATE TABLE meta (
                id INTEGER PRIMARY KEY CHECK (id = 1), dimensions INTEGER NOT NULL, rows_per_segment INTEGER NOT NULL, version INTEGER NOT NULL);
            CREATE TABLE scopes (scope INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE);
            CREATE TABLE points (
                slot INTEGER PRIMARY KEY, scope INTEGER NOT NULL, id BLOB NOT NULL, generation INTEGER NOT NULL, epoch INTEGER NOT NULL,
                document_id TEXT NOT NULL, chunk INTEGER NOT NULL, start_char INTEGER NOT NULL, end_char INTEGER NOT NULL,
                start_line INTEGER NOT NULL, end_line INTEGER NOT NULL, indexed_at INTEGER NOT NULL, metadata BLOB, text TEXT NOT NULL);
            CREATE UNIQUE INDEX points_by_id ON points (scope, id);
            CREATE INDEX points_by_document ON points (scope, document_id);
            """),
    ];
}
