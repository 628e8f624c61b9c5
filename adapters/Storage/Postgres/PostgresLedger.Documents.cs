using Npgsql;
using Quiver.Adapters.Storage.Ledger;
using Quiver.Core.Ledger;
using static Quiver.Adapters.Storage.Postgres.PostgresStatement;

namespace Quiver.Adapters.Storage.Postgres;

/// <content>What is stored per document.</content>
internal sealed partial class PostgresLedger
{
    private const string Scope = "(SELECT scope FROM ledger_scopes WHERE key = $1)";

    // Selects from a relation named "documents".
    private const string SelectDocuments =
        """
        SELECT coalesce(full_id, id), coalesce(full_name, name), hash, chunks, generation, epoch, indexed_at
        FROM documents JOIN ledger_origins AS origins ON origins.origin = documents.origin
        """;

    // Skips from origin to origin in the index, instead of reading every document.
    private const string FindNewestGeneration =
        """
        WITH RECURSIVE origins (scope, origin) AS (
            SELECT scopes.scope, (SELECT min(origin) FROM ledger_documents AS first WHERE first.scope = scopes.scope)
            FROM ledger_scopes AS scopes WHERE scopes.key = $1
            UNION ALL
            SELECT origins.scope,
                (SELECT min(origin) FROM ledger_documents AS next WHERE next.scope = origins.scope AND next.origin > origins.origin)
            FROM origins WHERE origins.origin IS NOT NULL)
        SELECT coalesce(max(
            (SELECT max(generation) FROM ledger_documents AS document WHERE document.scope = origins.scope AND document.origin = origins.origin)), 0)
        FROM origins
        """;

    /// <inheritdoc/>
    public async Task<IReadOnlySet<string>> BeginAsync(
        CollectionKey scope, IReadOnlyList<DocumentRecord> documents, CancellationToken cancellationToken = default)
    {
        LedgerValidator.CheckBatch(documents);
        var rows = new DocumentRows(documents, begins: true);
        var ours = await QueryAsync(static row => row.GetString(0), cancellationToken, rows.ToStatements(scope));
        return rows.Keys.Except(ours, StringComparer.Ordinal).Select(rows.IdOf).ToHashSet(StringComparer.Ordinal);
    }

    /// <inheritdoc/>
    public Task CommitAsync(CollectionKey scope, IReadOnlyList<DocumentRecord> documents, CancellationToken cancellationToken = default)
    {
        LedgerValidator.CheckBatch(documents);
        LedgerValidator.CheckHashes(documents);
        return ExecuteAsync(cancellationToken, new DocumentRows(documents, begins: false).ToStatements(scope));
    }

    /// <inheritdoc/>
    public Task TouchAsync(CollectionKey scope, IReadOnlyList<string> ids, long generation, CancellationToken cancellationToken = default) =>
        // Resets the epoch: the stored one belongs to another job and must not fence the activations of this generation.
        ForEachAsync(
            "UPDATE ledger_documents AS document SET generation = $3, epoch = 0 FROM held", "generation < $3", scope, ids, generation, cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyList<DocumentRecord>> ClaimStaleAsync(
        CollectionKey scope, string origin, long beforeGeneration, int limit, CancellationToken cancellationToken = default)
    {
        LedgerValidator.CheckLimit(limit);
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
        ForEachAsync(
            "UPDATE ledger_documents AS document SET hash = NULL FROM held", "hash IS NOT NULL", scope, ids, generation: null, cancellationToken);

    /// <inheritdoc/>
    public Task DeleteAsync(CollectionKey scope, IReadOnlyList<string> ids, CancellationToken cancellationToken = default) =>
        ForEachAsync("DELETE FROM ledger_documents AS document USING held", "true", scope, ids, generation: null, cancellationToken);

    /// <inheritdoc/>
    public async Task<long> DeleteStaleAsync(
        CollectionKey scope, IReadOnlyList<string> ids, long beforeGeneration, CancellationToken cancellationToken = default) =>
        await ForEachAsync(
            "DELETE FROM ledger_documents AS document USING held", "hash IS NULL AND generation < $3", scope, ids, beforeGeneration, cancellationToken);

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

    /// <inheritdoc/>
    public async Task<IReadOnlyDictionary<string, DocumentRecord>> FindAsync(
        CollectionKey scope, IReadOnlyList<string> ids, CancellationToken cancellationToken = default)
    {
        LedgerValidator.CheckBatch(ids);
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
    public async Task<IReadOnlyList<DocumentRecord>> ListAsync(CollectionKey scope, string? after, int limit, CancellationToken cancellationToken = default)
    {
        LedgerValidator.CheckLimit(limit);
        return await CheckedAsync(
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
        (await CheckedAsync(
            static row => new DocumentTotals(row.GetInt64(0), row.GetInt64(1), row.GetInt64(2)),
            cancellationToken,
            new PostgresStatement(
                $"""
                SELECT count(hash), count(*) - count(hash), coalesce(sum(chunks) FILTER (WHERE hash IS NOT NULL), 0)
                FROM ledger_documents WHERE scope = {Scope} HAVING count(*) > 0
                """,
                Value(scope.ToString())))).SingleOrDefault();

    /// <inheritdoc/>
    public async Task<long> FindNewestGenerationAsync(CollectionKey scope, CancellationToken cancellationToken = default)
    {
        // Each job asks once, before it takes documents for unknown and stores them.
        await TableMarks.RequireWholeAsync(database, cancellationToken);
        return (await QueryAsync(static row => row.GetInt64(0), cancellationToken, new PostgresStatement(FindNewestGeneration, Value(scope.ToString()))))
            .Single();
    }

    /// <summary>
    /// Changes the documents that match a condition; returns their number. Locks the rows in order first, so that concurrent batches with the
    /// same documents do not deadlock.
    /// </summary>
    private Task<int> ForEachAsync(
        string change, string condition, CollectionKey scope, IReadOnlyList<string> ids, long? generation, CancellationToken cancellationToken)
    {
        LedgerValidator.CheckBatch(ids);
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

    private static DocumentRecord ReadDocument(NpgsqlDataReader row) => new()
    {
        Id = LedgerText.Decode(row.GetString(0)),
        Origin = LedgerText.Decode(row.GetString(1)),
        ContentHash = row.IsDBNull(2) ? null : row.GetFieldValue<byte[]>(2),
        ChunkCount = row.GetInt32(3),
        Generation = row.GetInt64(4),
        Epoch = row.GetInt64(5),
        IndexedAt = LedgerValues.Time(row.GetInt64(6)),
    };
}

/// <summary>The statements that store a batch of documents; each document once, because a statement can change a row only once.</summary>
internal sealed class DocumentRows
{
    private const string AddScope =
        "INSERT INTO ledger_scopes (key) SELECT $1 WHERE NOT EXISTS (SELECT FROM ledger_scopes WHERE key = $1) ON CONFLICT DO NOTHING";

    private const string AddOrigins =
        """
        INSERT INTO ledger_origins (name, full_name)
        SELECT given.name, given.full_name FROM unnest($1, $2) AS given (name, full_name)
        WHERE NOT EXISTS (SELECT FROM ledger_origins AS known WHERE known.name = given.name)
        ORDER BY given.name COLLATE "C"
        ON CONFLICT DO NOTHING
        """;

    // A row with a higher (generation, epoch) is not changed and not returned.
    private const string UpsertDocuments =
        """
        INSERT INTO ledger_documents (scope, id, full_id, origin, hash, chunks, generation, epoch, indexed_at)
        SELECT (SELECT scope FROM ledger_scopes WHERE key = $1), given.id, given.full_id, origins.origin, given.hash, given.chunks,
            given.generation, given.epoch, given.at
        FROM unnest($2, $3, $4, $5, $6, $7, $8, $9) AS given (id, full_id, origin, hash, chunks, generation, epoch, at)
        JOIN ledger_origins AS origins ON origins.name = given.origin
        ORDER BY given.id COLLATE "C"
        ON CONFLICT (scope, id) DO UPDATE SET
            origin = excluded.origin, hash = excluded.hash,
            chunks = CASE WHEN excluded.hash IS NULL THEN greatest(ledger_documents.chunks, excluded.chunks) ELSE excluded.chunks END,
            generation = excluded.generation, epoch = excluded.epoch, indexed_at = excluded.indexed_at
        WHERE (excluded.generation, excluded.epoch) >= (ledger_documents.generation, ledger_documents.epoch)
        RETURNING id
        """;

    private readonly Dictionary<string, (string? FullId, DocumentRecord Document)> _rows = new(StringComparer.Ordinal);
    private readonly bool _begins;

    /// <summary>Builds the rows; with <paramref name="begins"/> the documents are only begun: without hashes, and chunk counts never decrease.</summary>
    public DocumentRows(IReadOnlyList<DocumentRecord> documents, bool begins)
    {
        _begins = begins;
        foreach (var document in documents)
        {
            Add(document);
        }
    }

    public IEnumerable<string> Keys => _rows.Keys;

    /// <summary>The document id of a key.</summary>
    public string IdOf(string key) => _rows[key].Document.Id;

    /// <summary>The statements that store the rows; the last one returns the keys of the changed rows.</summary>
    public PostgresStatement[] ToStatements(CollectionKey scope)
    {
        var rows = _rows.ToArray();
        T[] Of<T>(Func<DocumentRecord, T> member) => [.. rows.Select(row => member(row.Value.Document))];
        var names = Of(document => LedgerText.Key(document.Origin, out _));
        var origins = rows.Select(row => row.Value.Document.Origin).Distinct(StringComparer.Ordinal)
            .Select(origin => (Name: LedgerText.Key(origin, out var full), Full: full)).DistinctBy(origin => origin.Name).ToArray();
        return
        [
            new(AddScope, Value(scope.ToString())),
            new(AddOrigins, Value(origins.Select(origin => origin.Name).ToArray()), Value(origins.Select(origin => origin.Full).ToArray())),
            new(
                UpsertDocuments,
                Value(scope.ToString()),
                Value(rows.Select(row => row.Key).ToArray()),
                Value(rows.Select(row => row.Value.FullId).ToArray()),
                Value(names),
                Value(Of(document => _begins ? null : document.ContentHash)),
                Value(Of(document => document.ChunkCount)),
                Value(Of(document => document.Generation)),
                Value(Of(document => document.Epoch)),
                Value(Of(document => document.IndexedAt.UtcTicks))),
        ];
    }

    /// <summary>As if they were stored one by one: the later document replaces the earlier one, unless its (generation, epoch) is lower.</summary>
    private void Add(DocumentRecord document)
    {
        var key = LedgerText.Key(document.Id, out var full);
        if (_rows.TryGetValue(key, out var row))
        {
            var earlier = row.Document;
            if ((document.Generation, document.Epoch).CompareTo((earlier.Generation, earlier.Epoch)) < 0)
            {
                return;
            }

            if (_begins)
            {
                document = document with { ChunkCount = Math.Max(document.ChunkCount, earlier.ChunkCount) };
            }
        }

        _rows[key] = (full, document);
    }
}
