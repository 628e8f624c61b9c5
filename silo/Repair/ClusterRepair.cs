using System.Runtime.CompilerServices;
using Npgsql;
using Quiver.Adapters.Storage.Ledger;
using Quiver.Adapters.Storage.Postgres;
using Quiver.Cli.Sessions;
using Quiver.Core.Consistency;
using Quiver.Core.Jobs;
using Quiver.Core.Vectors;
using Quiver.Silo.DataDirectory;
using Quiver.Silo.Options;
using Quiver.Silo.Sessions.Reading;
using static System.FormattableString;
using ClusterOptions = Quiver.Silo.Options.ClusterOptions;

namespace Quiver.Silo.Repair;

/// <summary>Finds tables of the cluster's schema that were emptied, and fills them again from the others and from the points.</summary>
/// <param name="files">The data directory of this machine.</param>
/// <param name="settings">The settings of a silo.</param>
/// <param name="time">The clock.</param>
internal sealed class ClusterRepair(DataDirectoryFiles files, IConfiguration settings, TimeProvider time)
{
    private const int StatesPerPage = 500;

    private readonly Dictionary<string, string> _done = new(StringComparer.Ordinal);

    /// <summary>Checks every table, and repairs them unless this is a dry run. No silo may run jobs meanwhile. An interruption leaves work for the next run.</summary>
    public async Task<ImmutableArray<RepairedStore>> RunAsync(bool dryRun, CancellationToken cancellationToken)
    {
        await using var database = new ClusterDatabase(Microsoft.Extensions.Options.Options.Create(SettingSections.Read<PostgresClusterOptions>(settings)));
        var info = await ClusterDatabaseInfo.ReadAsync(database, cancellationToken);
        if (!info.HasTables)
        {
            return [];
        }

        if (info.SchemaVersion is > 0 and < TableMarks.SinceVersion)
        {
            throw new ConflictException(
                ErrorCodes.NotSupported,
                $"The schema '{database.Options.Schema}' at {database.Address} is of an earlier version, whose tables cannot be checked: start a silo of this version first, which migrates it.");
        }

        var emptied = await TableMarks.FindEmptiedAsync(database, cancellationToken);
        if (!dryRun && emptied.Count > 0)
        {
            await RepairAsync(database, emptied.ToHashSet(StringComparer.Ordinal), cancellationToken);
        }

        return [.. TableMarks.Tables.Select(table => emptied.Contains(table) ? Describe(table, database) : new RepairedStore($"table {table}"))];
    }

    private async Task RepairAsync(ClusterDatabase database, HashSet<string> emptied, CancellationToken cancellationToken)
    {
        // Last of all come the marks: an interrupted repair finds the tables still emptied.
        await using var connection = await database.GuardAsync(
            async () => await database.DataSource.OpenConnectionAsync(cancellationToken), cancellationToken);
        await RepairSchemaAsync(database, connection, emptied, cancellationToken);
        var ledger = new PostgresLedger(database, Microsoft.Extensions.Options.Options.Create(SettingSections.Read<LedgerOptions>(settings)));
        if (emptied.Contains("orleansstorage"))
        {
            _done["orleansstorage"] = Invariant($" {await FailUnfinishedAsync(database, ledger, cancellationToken)} unfinished jobs failed with {ErrorCodes.StateLost}.");
        }

        var fromState = emptied.Overlaps(["ledger_jobs", "ledger_collections"])
            ? await StateRebuild.FillLedgerAsync(ReadStatesAsync(database, cancellationToken), ledger, cancellationToken)
            : default;
        _done["ledger_jobs"] = Invariant($" {fromState.Jobs} jobs.");
        _done["ledger_collections"] = Invariant($" {fromState.Collections} collections.");
        if (emptied.Overlaps(["ledger_documents", "ledger_scopes"]))
        {
            var added = Invariant($" {await AddUnknownAsync(database, ledger, cancellationToken)} documents.");
            _done["ledger_documents"] = added;
            _done["ledger_scopes"] = added;
        }

        await ExecuteAsync(database, connection, TableMarks.Script, cancellationToken);
    }

    /// <summary>Repairs what needs no other table than the one beside it.</summary>
    private static async Task RepairSchemaAsync(ClusterDatabase database, NpgsqlConnection connection, HashSet<string> emptied, CancellationToken cancellationToken)
    {
        if (emptied.Contains("quiver_schema"))
        {
            foreach (var step in SchemaMigration.All)
            {
                await ExecuteAsync(
                    database, connection, Invariant($"INSERT INTO quiver_schema (version, name) VALUES ({step.Version}, '{step.Name}') ON CONFLICT DO NOTHING"), cancellationToken);
            }
        }

        if (emptied.Contains("orleansquery"))
        {
            const string Insert = "INSERT INTO OrleansQuery";
            foreach (var script in SchemaMigration.All.Select(static step => step.Script).Where(static script => script.Contains(Insert, StringComparison.Ordinal)))
            {
                var statement = script[script.IndexOf(Insert, StringComparison.Ordinal)..].TrimEnd().TrimEnd(';');
                await ExecuteAsync(database, connection, $"{statement} ON CONFLICT DO NOTHING", cancellationToken);
            }
        }

        if (emptied.Contains("ledger_scopes"))
        {
            await ExecuteAsync(database, connection, "DELETE FROM ledger_documents WHERE scope > 0 AND NOT EXISTS (SELECT FROM ledger_scopes WHERE ledger_scopes.scope = ledger_documents.scope)", cancellationToken);
        }

        if (emptied.Contains("ledger_origins"))
        {
            await ExecuteAsync(
                database,
                connection,
                """
                INSERT INTO ledger_origins (origin, name) OVERRIDING SYSTEM VALUE VALUES (0, '') ON CONFLICT DO NOTHING;
                UPDATE ledger_documents SET origin = 0 WHERE NOT EXISTS (SELECT FROM ledger_origins WHERE ledger_origins.origin = ledger_documents.origin)
                """,
                cancellationToken);
        }

        if (emptied.Contains("ledger_failure_counts"))
        {
            await ExecuteAsync(
                database, connection, "INSERT INTO ledger_failure_counts (key, count) SELECT key, count(*) FROM ledger_failures WHERE key <> '' GROUP BY key ON CONFLICT DO NOTHING", cancellationToken);
        }
    }

    private static Task ExecuteAsync(ClusterDatabase database, NpgsqlConnection connection, string sql, CancellationToken cancellationToken) =>
        database.GuardAsync(
            async () =>
            {
                await using var command = new NpgsqlCommand(sql, connection);
                return await command.ExecuteNonQueryAsync(cancellationToken);
            },
            cancellationToken);

    /// <summary>The grain state of jobs and collections, a page at a time.</summary>
    private async IAsyncEnumerable<(string Grain, byte[] Value)> ReadStatesAsync(
        ClusterDatabase database, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        const string Sql =
            """
            SELECT GrainIdExtensionString, PayloadBinary FROM OrleansStorage
            WHERE ServiceId = $1 AND GrainIdExtensionString > $2 AND PayloadBinary IS NOT NULL
                AND (GrainIdExtensionString LIKE 'ingestionjob/%' OR GrainIdExtensionString LIKE 'collection/%')
            ORDER BY GrainIdExtensionString LIMIT $3
            """;
        var service = SettingSections.Read<ClusterOptions>(settings).ServiceId;
        ImmutableArray<(string Grain, byte[] Value)> page;
        var after = "";
        do
        {
            page = await database.QueryAsync(
                [new(Sql, PostgresStatement.Value(service), PostgresStatement.Value(after), PostgresStatement.Value(StatesPerPage))],
                static row => (row.GetString(0), row.GetFieldValue<byte[]>(1)),
                cancellationToken);
            foreach (var state in page)
            {
                yield return state;
            }

            after = page.IsEmpty ? after : page[^1].Grain;
        }
        while (page.Length == StatesPerPage);
    }

    private async Task<long> AddUnknownAsync(ClusterDatabase database, PostgresLedger ledger, CancellationToken cancellationToken)
    {
        var added = 0L;
        await using var services = StoreServices.Build(settings, files, embedded: null, writesCache: false, verbose: false);
        var repair = new LedgerRepair(ledger, services.GetRequiredService<IVectorStore>());
        await foreach (var binding in StateRebuild.ReadBindingsAsync(ReadStatesAsync(database, cancellationToken), cancellationToken))
        {
            added += await repair.AddUnknownAsync(binding, cancellationToken);
        }

        return added;
    }

    private async Task<long> FailUnfinishedAsync(ClusterDatabase database, PostgresLedger ledger, CancellationToken cancellationToken)
    {
        var left = await database.QueryAsync(
            [new("SELECT status FROM ledger_jobs WHERE state IN (1, 2, 3)")], static row => LedgerJson.ReadJob(row.GetString(0)), cancellationToken);
        foreach (var job in left)
        {
            await ledger.SaveJobAsync(LostJob.Fail(job, time.GetUtcNow()), cancellationToken);
        }

        return left.Length;
    }

    private RepairedStore Describe(string table, ClusterDatabase database)
    {
        var (repair, lost) = table switch
        {
            "quiver_schema" => ("The versions of the schema are entered again.", null),
            "orleansquery" => ("Orleans' statements are entered again.", null),
            "ledger_jobs" => ("Jobs come from the grain state.", null),
            "ledger_collections" => ("Collections come from the grain state.", null),
            "ledger_events" => ("The table is taken as it is.", "Events of earlier jobs."),
            "ledger_failures" => ("The table is taken as it is.", "Failed documents of earlier jobs: submit a job again to see them."),
            "ledger_failure_counts" => ("Failures are counted again.", null),
            "ledger_scopes" or "ledger_documents" => ("Documents are listed again from their points.",
                "Content hashes: the next job of each collection stores its documents again, without embedding texts that are in the cache."),
            "ledger_origins" => ("Documents are kept without their origin.",
                "Origins: the next job of each collection stores its documents again, and mirrors do not delete documents that their source no longer has until then."),
            "orleansstorage" => ("Unfinished jobs are marked as failed, and collections are bound again by their next job.",
                $"Checkpoints, idempotency tokens, settings of collections: submit jobs that failed with {ErrorCodes.StateLost} again, and create collections with settings again before their next job."),
            "orleansreminderstable" => ("Silos that start wake the unfinished jobs.", "Schedules of retention: the next job of each collection sets them again."),
            _ => ("Silos enter themselves when they start.", (string?)null),
        };
        return new($"table {table}", TableMarks.Describe([table], database), repair + _done.GetValueOrDefault(table, ""), lost);
    }
}
