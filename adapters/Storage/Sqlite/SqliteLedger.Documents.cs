
using Quiver.Adapters.Storage.Ledger;
using Quiver.Core.Ledger;

namespace Quiver.Adapters.Storage.Sqlite;

/// <content>Writes of what was stored per document.</content>
internal sealed partial class SqliteLedger
{
    private const string InvalidateDocument = "UPDATE documents SET hash = NULL WHERE scope = @scope AND id = @id";
    private const int DeleteStep = 1000;

    // A WITHOUT ROWID upsert whose WHERE does not hold changes no row: its count tells that a higher (generation, epoch) has the document.
    private const string UpsertDocument =
        """
        INSERT INTO documents (scope, id, origin, hash, chunks, generation, epoch, indexed_at)
        VALUES (@scope, @id, @origin, @hash, @chunks, @generation, @epoch, @at)
        ON CONFLICT (scope, id) DO UPDATE SET
            origin = excluded.origin, hash = excluded.hash,
            chunks = CASE WHEN excluded.hash IS NULL THEN max(chunks, excluded.chunks) ELSE excluded.chunks END,
            generation = excluded.generation, epoch = excluded.epoch, indexed_at = excluded.indexed_at
        WHERE (excluded.generation, excluded.epoch) >= (documents.generation, documents.epoch)
        """;

    /// <inheritdoc/>
    public Task<IReadOnlySet<string>> BeginAsync(CollectionKey scope, IReadOnlyList<DocumentRecord> documents, CancellationToken cancellationToken = default)
    {
        LedgerArguments.CheckBatch(documents);
        return _database.WriteAsync<IReadOnlySet<string>>(
            session =>
            {
                var taken = new HashSet<string>(StringComparer.Ordinal);
                var number = session.GetScope(scope);
                foreach (var document in documents)
                {
                    if (!TryUpsert(session, number, document, hash: null))
                    {
                        taken.Add(document.Id);
                    }
                }

                return taken;
            },
            cancellationToken);
    }

    /// <inheritdoc/>
    public Task CommitAsync(CollectionKey scope, IReadOnlyList<DocumentRecord> documents, CancellationToken cancellationToken = default)
    {
        LedgerArguments.CheckBatch(documents);
        LedgerArguments.CheckHashes(documents);
        return _database.WriteAsync(
            session =>
            {
                var number = session.GetScope(scope);
                foreach (var document in documents)
                {
                    TryUpsert(session, number, document, document.ContentHash);
                }
            },
            cancellationToken);
    }

    /// <inheritdoc/>
    public Task TouchAsync(CollectionKey scope, IReadOnlyList<string> ids, long generation, CancellationToken cancellationToken = default) =>
        // The epoch starts again below all others: the old row's belongs to another job, and must not fence this generation's activations.
        ForEachIdAsync(
            "UPDATE documents SET generation = @generation, epoch = 0 WHERE scope = @scope AND id = @id AND generation < @generation",
            scope,
            ids,
            generation,
            cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyList<DocumentRecord>> ClaimStaleAsync(CollectionKey scope, string origin, long beforeGeneration, int limit, CancellationToken cancellationToken = default)
    {
        LedgerArguments.CheckLimit(limit);
        return _database.WriteAsync<IReadOnlyList<DocumentRecord>>(
            session =>
            {
                var number = session.FindScope(scope);
                var stale = ReadAll(
                    session.Query(
                        SelectDocument + "WHERE scope = @scope AND documents.origin = @origin AND generation < @generation ORDER BY id LIMIT @limit",
                        ("@scope", number),
                        ("@origin", session.FindOrigin(origin)),
                        ("@generation", beforeGeneration),
                        ("@limit", limit)),
                    ReadDocument);
                foreach (var document in stale)
                {
                    session.Execute(InvalidateDocument, ("@scope", number), ("@id", document.Id));
                }

                return [.. stale.Select(document => document with { ContentHash = null })];
            },
            cancellationToken);
    }

    /// <inheritdoc/>
    public Task InvalidateAsync(CollectionKey scope, IReadOnlyList<string> ids, CancellationToken cancellationToken = default) =>
        ForEachIdAsync(InvalidateDocument, scope, ids, generation: null, cancellationToken);

    /// <inheritdoc/>
    public Task DeleteAsync(CollectionKey scope, IReadOnlyList<string> ids, CancellationToken cancellationToken = default) =>
        ForEachIdAsync("DELETE FROM documents WHERE scope = @scope AND id = @id", scope, ids, generation: null, cancellationToken);

    /// <inheritdoc/>
    public Task<long> DeleteStaleAsync(CollectionKey scope, IReadOnlyList<string> ids, long beforeGeneration, CancellationToken cancellationToken = default) =>
        ForEachIdAsync(
            "DELETE FROM documents WHERE scope = @scope AND id = @id AND hash IS NULL AND generation < @generation",
            scope,
            ids,
            beforeGeneration,
            cancellationToken);

    /// <inheritdoc/>
    public async Task DeleteAllAsync(CollectionKey scope, CancellationToken cancellationToken = default)
    {
        while (await _database.WriteAsync(session => DeleteSome(session, scope), cancellationToken) == DeleteStep)
        {
            cancellationToken.ThrowIfCancellationRequested();
        }
    }

    private static int DeleteSome(SqliteSession session, CollectionKey scope) =>
        session.Execute(
            "DELETE FROM documents WHERE scope = @scope AND id IN (SELECT id FROM documents WHERE scope = @scope LIMIT @limit)",
            ("@scope", session.FindScope(scope)),
            ("@limit", DeleteStep));

    private static bool TryUpsert(SqliteSession session, long scope, DocumentRecord document, byte[]? hash) =>
        session.Execute(
            UpsertDocument,
            ("@scope", scope),
            ("@id", document.Id),
            ("@origin", session.GetOrigin(document.Origin)),
            ("@hash", hash),
            ("@chunks", document.ChunkCount),
            ("@generation", document.Generation),
            ("@epoch", document.Epoch),
            ("@at", Ticks(document.IndexedAt))) > 0;

    /// <summary>Runs a statement for each id; gives the rows that it changed.</summary>
    private Task<long> ForEachIdAsync(string sql, CollectionKey scope, IReadOnlyList<string> ids, long? generation, CancellationToken cancellationToken)
    {
        LedgerArguments.CheckBatch(ids);
        return _database.WriteAsync(
            session =>
            {
                var number = session.FindScope(scope);
                var changed = 0L;
                foreach (var id in number is null ? [] : ids)
                {
                    changed += generation is null
                        ? session.Execute(sql, ("@scope", number), ("@id", id))
                        : session.Execute(sql, ("@scope", number), ("@id", id), ("@generation", generation));
                }

                return changed;
            },
            cancellationToken);
    }
}
