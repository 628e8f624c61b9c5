
using Quiver.Core.Ledger;

namespace Quiver.Tests.Support;

/// <summary>The documents of <see cref="MemoryLedger"/>.</summary>
internal sealed partial class MemoryLedger
{
    private readonly Dictionary<CollectionKey, SortedDictionary<string, DocumentRecord>> _documents = [];

    public Task<IReadOnlyDictionary<string, DocumentRecord>> FindAsync(CollectionKey scope, IReadOnlyList<string> ids, CancellationToken cancellationToken = default) =>
        Read<IReadOnlyDictionary<string, DocumentRecord>>(() => ids.Distinct().Where(Rows(scope).ContainsKey).ToDictionary(id => id, id => Rows(scope)[id]), cancellationToken);

    public Task<IReadOnlySet<string>> BeginAsync(CollectionKey scope, IReadOnlyList<DocumentRecord> documents, CancellationToken cancellationToken = default) =>
        WriteAsync<IReadOnlySet<string>>(
            "begin",
            () =>
            {
                var taken = new HashSet<string>();
                foreach (var document in documents)
                {
                    var known = Rows(scope).GetValueOrDefault(document.Id);
                    if (known is not null && IsHigher(known, document))
                    {
                        taken.Add(document.Id);
                        continue;
                    }

                    Rows(scope)[document.Id] = document with { ContentHash = null, ChunkCount = Math.Max(known?.ChunkCount ?? 0, document.ChunkCount) };
                }

                return taken;
            },
            cancellationToken);

    public Task CommitAsync(CollectionKey scope, IReadOnlyList<DocumentRecord> documents, CancellationToken cancellationToken = default) =>
        WriteAsync(
            "commit",
            () =>
            {
                foreach (var document in documents.Where(document => Rows(scope).GetValueOrDefault(document.Id) is not { } known || !IsHigher(known, document)))
                {
                    Rows(scope)[document.Id] = document;
                }

                return true;
            },
            cancellationToken);

    public Task TouchAsync(CollectionKey scope, IReadOnlyList<string> ids, long generation, CancellationToken cancellationToken = default) =>
        WriteAsync(
            "touch",
            () => Change(scope, ids, row => row.Generation < generation ? row with { Generation = generation, Epoch = 0 } : row),
            cancellationToken);

    public Task<IReadOnlyList<DocumentRecord>> ClaimStaleAsync(CollectionKey scope, string origin, long beforeGeneration, int limit, CancellationToken cancellationToken = default) =>
        WriteAsync<IReadOnlyList<DocumentRecord>>(
            "claim stale",
            () =>
            {
                string[] ids = [.. Rows(scope).Values.Where(row => row.Origin == origin && row.Generation < beforeGeneration).Take(PageSize.Require(limit)).Select(row => row.Id)];
                Change(scope, ids, row => row with { ContentHash = null });
                return [.. ids.Select(id => Rows(scope)[id])];
            },
            cancellationToken);

    public Task<IReadOnlyList<DocumentRecord>> ListAsync(CollectionKey scope, string? after, int limit, CancellationToken cancellationToken = default) =>
        Read<IReadOnlyList<DocumentRecord>>(
            () => [.. Rows(scope).Values.Where(row => after is null || string.CompareOrdinal(row.Id, after) > 0).Take(PageSize.Require(limit))],
            cancellationToken);

    public Task InvalidateAsync(CollectionKey scope, IReadOnlyList<string> ids, CancellationToken cancellationToken = default) =>
        WriteAsync("invalidate", () => Change(scope, ids, row => row with { ContentHash = null }), cancellationToken);

    public Task DeleteAsync(CollectionKey scope, IReadOnlyList<string> ids, CancellationToken cancellationToken = default) =>
        WriteAsync("forget", () => ids.Count(Rows(scope).Remove), cancellationToken);

    public Task<long> DeleteStaleAsync(CollectionKey scope, IReadOnlyList<string> ids, long beforeGeneration, CancellationToken cancellationToken = default) =>
        WriteAsync(
            "forget stale",
            () => (long)ids.Count(id => Rows(scope).GetValueOrDefault(id) is { ContentHash: null } row && row.Generation < beforeGeneration && Rows(scope).Remove(id)),
            cancellationToken);

    public Task DeleteAllAsync(CollectionKey scope, CancellationToken cancellationToken = default) =>
        WriteAsync("forget all", () => _documents.Remove(scope), cancellationToken);

    public Task<DocumentTotals> CountAsync(CollectionKey scope, CancellationToken cancellationToken = default) =>
        Read(
            () =>
            {
                var stored = Rows(scope).Values.Where(row => row.ContentHash is not null).ToList();
                return new DocumentTotals(stored.Count, Rows(scope).Count - stored.Count, stored.Sum(row => (long)row.ChunkCount));
            },
            cancellationToken);

    public Task<long> FindNewestGenerationAsync(CollectionKey scope, CancellationToken cancellationToken = default) =>
        Read(() => Rows(scope).Values.Select(row => row.Generation).DefaultIfEmpty().Max(), cancellationToken);

    private static bool IsHigher(DocumentRecord known, DocumentRecord written) =>
        (known.Generation, known.Epoch).CompareTo((written.Generation, written.Epoch)) > 0;

    private bool Change(CollectionKey scope, IReadOnlyList<string> ids, Func<DocumentRecord, DocumentRecord> change)
    {
        foreach (var id in ids.Where(Rows(scope).ContainsKey))
        {
            Rows(scope)[id] = change(Rows(scope)[id]);
        }

        return true;
    }

    private SortedDictionary<string, DocumentRecord> Rows(CollectionKey scope)
    {
        if (!_documents.TryGetValue(scope, out var rows))
        {
            rows = new(StringComparer.Ordinal);
            _documents.Add(scope, rows);
        }

        return rows;
    }
}
