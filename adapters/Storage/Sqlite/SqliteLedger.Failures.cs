using System.Globalization;
using Microsoft.Data.Sqlite;
using Quiver.Adapters.Storage.Ledger;

namespace Quiver.Adapters.Storage.Sqlite;

/// <content>Failed documents, capped per job.</content>
internal sealed partial class SqliteLedger
{
    /// <inheritdoc/>
    public Task SaveFailuresAsync(JobKey key, IReadOnlyList<FailedDocument> failures, CancellationToken cancellationToken = default)
    {
        LedgerArguments.CheckBatch(failures);
        var name = key.ToString();
        return _database.WriteAsync(
            session =>
            {
                var count = Convert.ToInt64(
                    session.Scalar("SELECT count FROM failure_counts WHERE key = @key", ("@key", name)) ?? 0L,
                    CultureInfo.InvariantCulture);
                foreach (var failure in failures)
                {
                    if (!TryReplace(session, name, failure) && count < _options.MaxFailuresPerJob)
                    {
                        Insert(session, name, failure);
                        count++;
                    }
                }

                session.Execute("INSERT OR REPLACE INTO failure_counts (key, count) VALUES (@key, @count)", ("@key", name), ("@count", count));
            },
            cancellationToken);
    }

    /// <inheritdoc/>
    public async Task DeleteFailuresAsync(JobKey key, long fromOrdinal, CancellationToken cancellationToken = default)
    {
        while (await _database.WriteAsync(session => DeleteFailures(session, key.ToString(), fromOrdinal), cancellationToken) == DeleteStep)
        {
            cancellationToken.ThrowIfCancellationRequested();
        }
    }

    /// <inheritdoc/>
    public Task<Page<FailedDocument>> ListFailuresAsync(JobKey key, string? after, int limit, CancellationToken cancellationToken = default)
    {
        LedgerArguments.CheckLimit(limit);
        var afterOrdinal = LedgerArguments.ParseOrdinal(after);
        return _database.ReadAsync(
            session => LedgerPages.ToPage(
                ReadAll(
                    session.Query(
                        "SELECT ordinal, document_id, code, reason, at FROM failures WHERE key = @key AND ordinal > @after ORDER BY ordinal LIMIT @limit",
                        ("@key", key.ToString()),
                        ("@after", afterOrdinal),
                        ("@limit", limit + 1)),
                    ReadFailure),
                limit,
                last => last.Ordinal.ToString(CultureInfo.InvariantCulture)),
            cancellationToken);
    }

    private static int DeleteFailures(SqliteSession session, string key, long fromOrdinal)
    {
        var deleted = session.Execute(
            "DELETE FROM failures WHERE key = @key AND ordinal IN (SELECT ordinal FROM failures WHERE key = @key AND ordinal >= @from LIMIT @limit)",
            ("@key", key),
            ("@from", fromOrdinal),
            ("@limit", DeleteStep));
        session.Execute("UPDATE failure_counts SET count = count - @deleted WHERE key = @key", ("@key", key), ("@deleted", deleted));
        return deleted;
    }

    private static bool TryReplace(SqliteSession session, string key, FailedDocument failure) =>
        session.Execute(
            "UPDATE failures SET document_id = @id, code = @code, reason = @reason, at = @at WHERE key = @key AND ordinal = @ordinal",
            Row(key, failure)) > 0;

    private static void Insert(SqliteSession session, string key, FailedDocument failure) =>
        session.Execute(
            "INSERT INTO failures (key, ordinal, document_id, code, reason, at) VALUES (@key, @ordinal, @id, @code, @reason, @at)",
            Row(key, failure));

    private static (string Name, object? Value)[] Row(string key, FailedDocument failure) =>
    [
        ("@key", key),
        ("@ordinal", failure.Ordinal),
        ("@id", failure.DocumentId),
        ("@code", failure.Code),
        ("@reason", failure.Reason),
        ("@at", Ticks(failure.At)),
    ];

    private static FailedDocument ReadFailure(SqliteDataReader row) => new()
    {
        Ordinal = row.GetInt64(0),
        DocumentId = row.GetString(1),
        Code = row.GetString(2),
        Reason = row.GetString(3),
        At = Time(row.GetInt64(4)),
    };
}
