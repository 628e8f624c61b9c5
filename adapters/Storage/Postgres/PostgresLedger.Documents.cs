using Npgsql;
using Quiver.Adapters.Storage.Ledger;
using Quiver.Core.Ledger;
using static Quiver.Adapters.Storage.Postgres.PostgresStatement;

namespace Quiver.Adapters.Storage.Postgres;

/// <content>Writes of what was stored per document.</content>
internal sealed partial class PostgresLedger
{
    private const string Scope = "(SELECT scope FROM ledger_scopes WHERE key = $1)";

    /// <inheritdoc/>
    public async Task<IReadOnlySet<string>> BeginAsync(CollectionKey scope, IReadOnlyList<DocumentRecord> documents, CancellationToken cancellationToken = default)
    {
        LedgerArguments.CheckBatch(documents);
        var rows = new DocumentRows(documents, begins: true);
        var ours = await QueryAsync(static row => row.GetString(0), cancellationToken, rows.ToStatements(scope));
        return rows.Keys.Except(ours, StringComparer.Ordinal).Select(rows.IdOf).ToHashSet(StringComparer.Ordinal);
    }

    /// <inheritdoc/>
    public Task CommitAsync(CollectionKey scope, IReadOnlyList<DocumentRecord> documents, CancellationToken cancellationToken = default)
    {
        LedgerArguments.CheckBatch(documents);
        LedgerArguments.CheckHashes(documents);
        return ExecuteAsync(cancellationToken, new DocumentRows(documents, begins: false).ToStatements(scope));
    }

    /// <inheritdoc/>
    public Task TouchAsync(CollectionKey scope, IReadOnlyList<string> ids, long generation, CancellationToken cancellationToken = default) =>
        // The epoch starts again below all others: the old row's belongs to another job, and must not fence this generation's activations.
        ForEachAsync("UPDATE ledger_documents AS document SET generation = $3, epoch = 0 FROM held", "generation < $3", scope, ids, generation, cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyList<DocumentRecord>> ClaimStaleAsync(CollectionKey scope, string origin, long beforeGeneration, int limit, CancellationToken cancellationToken = default)
    {
        LedgerArguments.CheckLimit(limit);
        return ListAsync(
            ReadDocument,
            cancellationToken,
            new PostgresStatement(
                $"""
                WITH held AS (
                    SELECT scope, id FROM ledger_documents
                    WHERE scope = {Scope} AND origin = (SELECT origin FROM ledger_origins WHERE name = $2) AND generation < $3
                    ORDER BY id LIMIT $4 FOR UPDATE),
                documents AS (
                    UPDATE ledger_documents AS document SET hash = NULL FROM held WHERE document.scope = held.scope AND document.id = held.id
                    RETURNING document.*)
                {SelectDocuments} ORDER BY id
                """,
                Value(scope.ToString()),
                Value(LedgerText.Key(origin, out _)),
                Value(beforeGeneration),
                Value(limit)));
    }

    /// <inheritdoc/>
    public Task InvalidateAsync(CollectionKey scope, IReadOnlyList<string> ids, CancellationToken cancellationToken = default) =>
        ForEachAsync("UPDATE ledger_documents AS document SET hash = NULL FROM held", "hash IS NOT NULL", scope, ids, generation: null, cancellationToken);

    /// <inheritdoc/>
    public Task DeleteAsync(CollectionKey scope, IReadOnlyList<string> ids, CancellationToken cancellationToken = default) =>
        ForEachAsync("DELETE FROM ledger_documents AS document USING held", "true", scope, ids, generation: null, cancellationToken);

    /// <inheritdoc/>
    public async Task<long> DeleteStaleAsync(CollectionKey scope, IReadOnlyList<string> ids, long beforeGeneration, CancellationToken cancellationToken = default) =>
        await ForEachAsync("DELETE FROM ledger_documents AS document USING held", "hash IS NULL AND generation < $3", scope, ids, beforeGeneration, cancellationToken);

    /// <inheritdoc/>
    public Task DeleteAllAsync(CollectionKey scope, CancellationToken cancellationToken = default) =>
        RepeatAsync(
            () => ExecuteAsync(
                cancellationToken,
                new PostgresStatement(
                    $"""
                    WITH held AS (SELECT scope, id FROM ledger_documents WHERE scope = {Scope} ORDER BY id LIMIT $2 FOR UPDATE)
                    DELETE FROM ledger_documents AS document USING held WHERE document.scope = held.scope AND document.id = held.id
                    """,
                    Value(scope.ToString()),
                    Value(DeleteStep))),
            cancellationToken);

    /// <summary>
    /// Changes those of the documents for which a condition holds; gives how many. The rows are taken in order before they are changed, so
    /// that two batches with the same documents do not wait for each other in a circle.
    /// </summary>
    private Task<int> ForEachAsync(string change, string condition, CollectionKey scope, IReadOnlyList<string> ids, long? generation, CancellationToken cancellationToken)
    {
        LedgerArguments.CheckBatch(ids);
        NpgsqlParameter[] values = [Value(scope.ToString()), Value(ids.Select(id => LedgerText.Key(id, out _)).ToArray())];
        return ExecuteAsync(
            cancellationToken,
            new PostgresStatement(
                $"""
                WITH held AS (SELECT scope, id FROM ledger_documents WHERE scope = {Scope} AND id = ANY ($2) AND {condition} ORDER BY id FOR UPDATE)
                {change} WHERE document.scope = held.scope AND document.id = held.id
                """,
                generation is { } number ? [.. values, Value(number)] : values));
    }
}
