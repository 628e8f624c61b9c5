using System.Globalization;
using Microsoft.Data.Sqlite;
using Quiver.Adapters.Storage.Ledger;
using Quiver.Core.Ledger;

namespace Quiver.Adapters.Storage.Sqlite;

/// <content>Questions about what was stored per document.</content>
internal sealed partial class SqliteLedger
{
    private const string SelectDocument =
        "SELECT id, name, hash, chunks, generation, epoch, indexed_at FROM documents JOIN origins ON origins.origin = documents.origin ";

    /// <inheritdoc/>
    public Task<IReadOnlyDictionary<string, DocumentRecord>> FindAsync(CollectionKey scope, IReadOnlyList<string> ids, CancellationToken cancellationToken = default)
    {
        LedgerArguments.CheckBatch(ids);
        return _database.ReadAsync<IReadOnlyDictionary<string, DocumentRecord>>(
            session =>
            {
                var found = new Dictionary<string, DocumentRecord>(StringComparer.Ordinal);
                var number = session.FindScope(scope);
                foreach (var id in number is null ? [] : ids)
                {
                    foreach (var document in ReadAll(session.Query(SelectDocument + "WHERE scope = @scope AND id = @id", ("@scope", number), ("@id", id)), ReadDocument))
                    {
                        found[document.Id] = document;
                    }
                }

                return found;
            },
            cancellationToken);
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<DocumentRecord>> ListAsync(CollectionKey scope, string? after, int limit, CancellationToken cancellationToken = default)
    {
        LedgerArguments.CheckLimit(limit);
        return _database.ReadAsync<IReadOnlyList<DocumentRecord>>(
            session => ReadAll(
                session.Query(
                    SelectDocument + "WHERE scope = @scope AND id > @after ORDER BY id LIMIT @limit",
                    ("@scope", session.FindScope(scope)),
                    ("@after", after ?? ""),
                    ("@limit", limit)),
                ReadDocument),
            cancellationToken);
    }

    /// <inheritdoc/>
    public Task<DocumentTotals> CountAsync(CollectionKey scope, CancellationToken cancellationToken = default) =>
        _database.ReadAsync(
            session => ReadAll(
                session.Query(
                    "SELECT count(hash), count(*) - count(hash), coalesce(sum(CASE WHEN hash IS NOT NULL THEN chunks END), 0) FROM documents WHERE scope = @scope",
                    ("@scope", session.FindScope(scope))),
                row => new DocumentTotals(row.GetInt64(0), row.GetInt64(1), row.GetInt64(2))).Single(),
            cancellationToken);

    /// <inheritdoc/>
    public Task<long> FindNewestGenerationAsync(CollectionKey scope, CancellationToken cancellationToken = default) =>
        _database.ReadAsync(
            session => Convert.ToInt64(
                session.Scalar("SELECT coalesce(max(generation), 0) FROM documents WHERE scope = @scope", ("@scope", session.FindScope(scope))),
                CultureInfo.InvariantCulture),
            cancellationToken);

    private static DocumentRecord ReadDocument(SqliteDataReader row) => new()
    {
        Id = row.GetString(0),
        Origin = row.GetString(1),
        ContentHash = row.IsDBNull(2) ? null : row.GetFieldValue<byte[]>(2),
        ChunkCount = row.GetInt32(3),
        Generation = row.GetInt64(4),
        Epoch = row.GetInt64(5),
        IndexedAt = Time(row.GetInt64(6)),
    };
}
