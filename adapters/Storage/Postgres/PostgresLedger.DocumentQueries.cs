using Npgsql;
using Quiver.Adapters.Storage.Ledger;
using Quiver.Core.Ledger;
using static Quiver.Adapters.Storage.Postgres.PostgresStatement;

namespace Quiver.Adapters.Storage.Postgres;

/// <content>Questions about what was stored per document.</content>
internal sealed partial class PostgresLedger
{
    // Of a relation named "documents".
    private const string SelectDocuments =
        """
        SELECT coalesce(full_id, id), coalesce(full_name, name), hash, chunks, generation, epoch, indexed_at
        FROM documents JOIN ledger_origins AS origins ON origins.origin = documents.origin
        """;

    // Steps from origin to origin in the index, instead of reading every document.
    private const string FindNewestGeneration =
        """
        WITH RECURSIVE origins (scope, origin) AS (
            SELECT scopes.scope, (SELECT min(origin) FROM ledger_documents AS first WHERE first.scope = scopes.scope)
            FROM ledger_scopes AS scopes WHERE scopes.key = $1
            UNION ALL
            SELECT origins.scope, (SELECT min(origin) FROM ledger_documents AS next WHERE next.scope = origins.scope AND next.origin > origins.origin)
            FROM origins WHERE origins.origin IS NOT NULL)
        SELECT coalesce(max((SELECT max(generation) FROM ledger_documents AS document WHERE document.scope = origins.scope AND document.origin = origins.origin)), 0)
        FROM origins
        """;

    /// <inheritdoc/>
    public async Task<IReadOnlyDictionary<string, DocumentRecord>> FindAsync(CollectionKey scope, IReadOnlyList<string> ids, CancellationToken cancellationToken = default)
    {
        LedgerArguments.CheckBatch(ids);
        var found = await QueryAsync(
            ReadDocument,
            cancellationToken,
            new PostgresStatement(
                $"WITH documents AS (SELECT * FROM ledger_documents WHERE scope = {Scope} AND id = ANY ($2)) {SelectDocuments}",
                Value(scope.ToString()),
                Value(ids.Select(id => LedgerText.Key(id, out _)).ToArray())));
        return found.ToDictionary(document => document.Id, StringComparer.Ordinal);
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<DocumentRecord>> ListAsync(CollectionKey scope, string? after, int limit, CancellationToken cancellationToken = default)
    {
        LedgerArguments.CheckLimit(limit);
        return ListAsync(
            ReadDocument,
            cancellationToken,
            new PostgresStatement(
                $"WITH documents AS (SELECT * FROM ledger_documents WHERE scope = {Scope} AND id > $2 ORDER BY id LIMIT $3) {SelectDocuments} ORDER BY id",
                Value(scope.ToString()),
                Value(LedgerText.Key(after ?? "", out _)),
                Value(limit)));
    }

    /// <inheritdoc/>
    public async Task<DocumentTotals> CountAsync(CollectionKey scope, CancellationToken cancellationToken = default) =>
        (await QueryAsync(
            static row => new DocumentTotals(row.GetInt64(0), row.GetInt64(1), row.GetInt64(2)),
            cancellationToken,
            new PostgresStatement(
                $"SELECT count(hash), count(*) - count(hash), coalesce(sum(chunks) FILTER (WHERE hash IS NOT NULL), 0) FROM ledger_documents WHERE scope = {Scope}",
                Value(scope.ToString())))).Single();

    /// <inheritdoc/>
    public async Task<long> FindNewestGenerationAsync(CollectionKey scope, CancellationToken cancellationToken = default) =>
        (await QueryAsync(static row => row.GetInt64(0), cancellationToken, new PostgresStatement(FindNewestGeneration, Value(scope.ToString())))).Single();

    private static DocumentRecord ReadDocument(NpgsqlDataReader row) => new()
    {
        Id = LedgerText.Decode(row.GetString(0)),
        Origin = LedgerText.Decode(row.GetString(1)),
        ContentHash = row.IsDBNull(2) ? null : row.GetFieldValue<byte[]>(2),
        ChunkCount = row.GetInt32(3),
        Generation = row.GetInt64(4),
        Epoch = row.GetInt64(5),
        IndexedAt = Time(row.GetInt64(6)),
    };
}
