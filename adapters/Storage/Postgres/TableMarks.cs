namespace Quiver.Adapters.Storage.Postgres;

/// <summary>Finds tables of the cluster's schema that were emptied: each has a row that no one else writes, see migration 5.</summary>
internal static class TableMarks
{
    /// <summary>The version of the schema that has the marks.</summary>
    public const int SinceVersion = 5;

    /// <summary>The tables, with the condition that their marks meet. Two are never empty anyway.</summary>
    private static readonly ImmutableArray<(string Table, string Condition)> All =
    [
        ("quiver_schema", "true"),
        ("orleansquery", "true"),
        ("ledger_jobs", "tenant = '' AND job = ''"),
        ("ledger_events", "key = '' AND sequence = 0"),
        ("ledger_failures", "key = '' AND ordinal = 0"),
        ("ledger_failure_counts", "key = ''"),
        ("ledger_collections", "tenant = '' AND name = ''"),
        ("ledger_scopes", "scope = 0"),
        ("ledger_origins", "origin = 0"),
        ("ledger_documents", "scope = 0 AND id = ''"),
        ("orleansmembershipversiontable", "DeploymentId = ''"),
        ("orleansmembershiptable", "DeploymentId = '' AND Address = '' AND Port = 0 AND Generation = 0"),
        ("orleansstorage", "ServiceId = '' AND GrainIdHash = 0 AND GrainTypeHash = 0 AND GrainIdN0 = 0 AND GrainIdN1 = 0 AND GrainTypeString = '' AND GrainIdExtensionString = ''"),
        ("orleansreminderstable", "ServiceId = '' AND GrainId = '' AND ReminderName = ''"),
    ];

    private static readonly string FindSql =
        $"SELECT name FROM (VALUES {string.Join(", ", All.Select(static table => $"('{table.Table}', EXISTS (SELECT FROM {table.Table} WHERE {table.Condition}))"))}) AS marks (name, present) WHERE NOT present ORDER BY name";

    /// <summary>The names of all tables, in lower case.</summary>
    public static IEnumerable<string> Tables => All.Select(static table => table.Table);

    /// <summary>The statements that write the marks; safe to repeat.</summary>
    public static string Script => SchemaMigration.All[SinceVersion - 1].Script;

    /// <summary>Finds the emptied tables, in one round trip. The schema must have the marks.</summary>
    /// <exception cref="QuiverException">The database cannot be reached, or denies access.</exception>
    public static async Task<IReadOnlyList<string>> FindEmptiedAsync(ClusterDatabase database, CancellationToken cancellationToken) =>
        await database.QueryAsync([new(FindSql)], static row => row.GetString(0), cancellationToken);

    /// <summary>Throws when a table was emptied.</summary>
    /// <exception cref="PermanentException">With <see cref="ErrorCodes.StorageDamaged"/>.</exception>
    public static async Task RequireWholeAsync(ClusterDatabase database, CancellationToken cancellationToken)
    {
        if (await FindEmptiedAsync(database, cancellationToken) is { Count: > 0 } emptied)
        {
            throw new PermanentException(ErrorCodes.StorageDamaged, $"{Describe(emptied, database)} {Advice}");
        }
    }

    /// <summary>What to do about emptied tables: a sentence.</summary>
    public const string Advice = "Stop the silos, then run 'quiver repair' with their settings, or restore the database from a backup.";

    /// <summary>Names emptied tables: a sentence.</summary>
    public static string Describe(IReadOnlyList<string> emptied, ClusterDatabase database) =>
        $"{(emptied.Count == 1 ? "A table" : "Tables")} of the schema '{database.Options.Schema}' at {database.Address} {(emptied.Count == 1 ? "was" : "were")} emptied: {string.Join(", ", emptied)}.";
}
