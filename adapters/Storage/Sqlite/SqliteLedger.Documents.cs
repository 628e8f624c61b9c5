using System.Globalization;
using Microsoft.Data.Sqlite;
using Quiver.Adapters.Storage.Ledger;
using Quiver.Core.Ledger;

namespace Quiver.Adapters.Storage.Sqlite;

/// <content>What is stored per document.</content>
internal sealed partial class SqliteLedger
{
    private const string InvalidateDocument = "UPDATE documents SET hash = NULL WHERE scope = @scope AND id = @id";

    // The upsert changes no row when a higher (generation, epoch) has the document.
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

    private const string SelectDocument =
        "SELECT id, name, hash, chunks, generation, epoch, indexed_at FROM documents JOIN origins ON origins.origin = documents.origin ";

    /// <inheritdoc/>
    public Task<IReadOnlySet<string>> BeginAsync(CollectionKey scope, IReadOnlyList<DocumentRecord> documents, CancellationToken cancellationToken = default)
    {
        LedgerValidator.CheckBatch(documents);
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
        LedgerValidator.CheckBatch(documents);
        LedgerValidator.CheckHashes(documents);
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
        // Resets the epoch: the stored one belongs to another job and must not fence the activations of this generation.
        ForEachIdAsync(
            "UPDATE documents SET generation = @generation, epoch = 0 WHERE scope = @scope AND id = @id AND generation < @generation",
            scope,
            ids,
            generation,
            cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyList<DocumentRecord>> ClaimStaleAsync(
        CollectionKey scope, string origin, long beforeGeneration, int limit, CancellationToken cancellationToken = default)
    {
        LedgerValidator.CheckLimit(limit);
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
    public Task DeleteAllAsync(CollectionKey scope, CancellationToken cancellationToken = default) =>
        DeleteInStepsAsync(
            session => session.Execute(
                "DELETE FROM documents WHERE scope = @scope AND id IN (SELECT id FROM documents WHERE scope = @scope LIMIT @limit)",
                ("@scope", session.FindScope(scope)),
                ("@limit", DeleteStep)),
            cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyDictionary<string, DocumentRecord>> FindAsync(
        CollectionKey scope, IReadOnlyList<string> ids, CancellationToken cancellationToken = default)
    {
        LedgerValidator.CheckBatch(ids);
        return _database.ReadAsync<IReadOnlyDictionary<string, DocumentRecord>>(
            session =>
            {
                var found = new Dictionary<string, DocumentRecord>(StringComparer.Ordinal);
                var number = session.FindScope(scope);
                foreach (var id in number is null ? [] : ids)
                {
                    var rows = session.Query(SelectDocument + "WHERE scope = @scope AND id = @id", ("@scope", number), ("@id", id));
                    foreach (var document in ReadAll(rows, ReadDocument))
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
        LedgerValidator.CheckLimit(limit);
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
                    """
                    SELECT count(hash), count(*) - count(hash), coalesce(sum(CASE WHEN hash IS NOT NULL THEN chunks END), 0)
                    FROM documents WHERE scope = @scope
                    """,
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
            ("@at", document.IndexedAt.UtcTicks)) > 0;

    /// <summary>Runs a statement for each id; returns the number of changed rows.</summary>
    private Task<long> ForEachIdAsync(string sql, CollectionKey scope, IReadOnlyList<string> ids, long? generation, CancellationToken cancellationToken)
    {
        LedgerValidator.CheckBatch(ids);
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

    private static DocumentRecord ReadDocument(SqliteDataReader row) => new()
    {
        Id = row.GetString(0),
        Origin = row.GetString(1),
        ContentHash = row.IsDBNull(2) ? null : row.GetFieldValue<byte[]>(2),
        ChunkCount = row.GetInt32(3),
        Generation = row.GetInt64(4),
        Epoch = row.GetInt64(5),
        IndexedAt = LedgerValues.Time(row.GetInt64(6)),
    };
}
