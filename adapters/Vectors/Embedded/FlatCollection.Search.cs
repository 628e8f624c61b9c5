
using Quiver.Adapters.Storage.Sqlite;
using Quiver.Core.Vectors;

namespace Quiver.Adapters.Vectors.Embedded;

/// <content>Nearest points.</content>
internal sealed partial class FlatCollection
{
    public Task<IReadOnlyList<StoredPoint>> QueryAsync(CollectionKey scope, PointQuery query, CancellationToken cancellationToken)
    {
        var row = EmbeddingRow.Create(query.Vector.Span, Layout);
        return _database.ReadAsync(
            session =>
            {
                using var view = _views.Open(session);
                return session.FindScope(scope) is { } number
                    ? Search(view, new(view.Snapshot, Layout, (int)number, row, SlotFilter.Evaluate(view, number, query.Filter)), scope, query, cancellationToken)
                    : [];
            },
            cancellationToken);
    }

    private IReadOnlyList<StoredPoint> Search(FlatView view, SlotScanPlan plan, CollectionKey scope, PointQuery query, CancellationToken cancellationToken)
    {
        var scan = new SlotScan<TopHits>(plan, () => new(query.Limit, query.ScoreThreshold ?? float.NegativeInfinity), cancellationToken);
        _pool.Run(scan);
        cancellationToken.ThrowIfCancellationRequested();

        var best = scan.Sinks.SelectMany(sink => sink.Hits).OrderByDescending(hit => hit.Score).ToList();
        var hits = best.Take(query.Limit).ToList();
        var lost = scan.Sinks.Select(sink => sink.LostTie).Append(float.NegativeInfinity).Max();
        if (hits.Count == query.Limit && (lost == hits[^1].Score || (best.Count > hits.Count && best[hits.Count].Score == hits[^1].Score)))
        {
            hits = SettleTies(view, plan, hits, cancellationToken);
        }

        return hits.Select(hit => ReadPoint(view, scope, hit.Slot) with { Score = hit.Score })
            .OrderByDescending(point => point.Score)
            .ThenBy(point => point.Id)
            .ToList();
    }

    /// <summary>More points share the lowest score than there is room for: those with the lowest ids stay. Ids are not in memory, so the index is walked in their order.</summary>
    private List<(int Slot, float Score)> SettleTies(FlatView view, SlotScanPlan plan, List<(int Slot, float Score)> hits, CancellationToken cancellationToken)
    {
        var score = hits[^1].Score;
        var scan = new SlotScan<EqualScores>(plan, () => new(score, plan.Snapshot.Capacity), cancellationToken);
        _pool.Run(scan);
        cancellationToken.ThrowIfCancellationRequested();

        var limit = hits.Count;
        var settled = hits.Where(hit => hit.Score > score).ToList();
        using var row = view.Session.Query("SELECT slot FROM points INDEXED BY points_by_id WHERE scope = @scope ORDER BY id", ("@scope", plan.Scope));
        while (settled.Count < limit && row.Read())
        {
            var slot = row.GetInt32(0);
            if (scan.Sinks.Any(sink => sink.Slots.Contains(slot)))
            {
                settled.Add((slot, score));
            }
        }

        return settled;
    }

    private static StoredPoint ReadPoint(FlatView view, CollectionKey scope, int slot)
    {
        using var row = view.Session.Query($"SELECT {PointRows.Columns} FROM points WHERE slot = @slot", ("@slot", slot));
        return row.Read()
            ? PointRows.Read(row, scope).Point
            : throw new PermanentException(ErrorCodes.Internal, $"Slot {slot} has a vector and no row: verify the collection.");
    }
}
