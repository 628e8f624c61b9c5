using Quiver.Core.Ledger;
using static Quiver.Adapters.Storage.Postgres.PostgresStatement;

namespace Quiver.Adapters.Storage.Postgres;

/// <summary>A batch of documents as the statements that store it; each document once, since a statement changes a row once.</summary>
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

    // A row that a higher (generation, epoch) has stays as it is and is not returned.
    private const string UpsertDocuments =
        """
        INSERT INTO ledger_documents (scope, id, full_id, origin, hash, chunks, generation, epoch, indexed_at)
        SELECT (SELECT scope FROM ledger_scopes WHERE key = $1), given.id, given.full_id, origins.origin, given.hash, given.chunks, given.generation, given.epoch, given.at
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

    /// <param name="documents">The batch.</param>
    /// <param name="begins">Whether they are only begun: without hashes, and chunk counts never lower.</param>
    public DocumentRows(IReadOnlyList<DocumentRecord> documents, bool begins)
    {
        _begins = begins;
        foreach (var document in documents)
        {
            Add(document);
        }
    }

    /// <summary>Keys of the rows.</summary>
    public IEnumerable<string> Keys => _rows.Keys;

    /// <summary>The id behind a key.</summary>
    public string IdOf(string key) => _rows[key].Document.Id;

    /// <summary>Stores the rows; the last statement gives the keys of those that were changed.</summary>
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

    /// <summary>As if they came one by one: the later one counts, unless it is of a lower (generation, epoch).</summary>
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
