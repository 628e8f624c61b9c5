
using Quiver.Adapters.Storage.Sqlite;
using Quiver.Core.Vectors;

namespace Quiver.Adapters.Vectors.Embedded;

/// <content>Upserts and deletes.</content>
internal sealed partial class FlatCollection
{
    public Task<UpsertOutcome> UpsertAsync(CollectionKey scope, IReadOnlyList<VectorPoint> points, CancellationToken cancellationToken)
    {
        var prepared = points.Select(point => PreparedPoint.Create(point, scope, Layout)).ToList();
        return ChangeAsync(
            (session, slots) =>
            {
                var number = session.GetScope(scope);
                var written = prepared.Count(point => TryUpsert(session, slots, number, point));
                return new UpsertOutcome(written, prepared.Count - written);
            },
            cancellationToken);
    }

    public Task<long> DeleteAsync(CollectionKey scope, IReadOnlyList<Guid> ids, CancellationToken cancellationToken) =>
        DeleteAsync("DELETE FROM points WHERE scope = @scope AND id = @id RETURNING slot", scope, ids, [], cancellationToken);

    public Task<long> DeleteOlderAsync(CollectionKey scope, IReadOnlyList<Guid> ids, long beforeGeneration, CancellationToken cancellationToken) =>
        DeleteAsync("DELETE FROM points WHERE scope = @scope AND id = @id AND generation < @before RETURNING slot", scope, ids, [("@before", beforeGeneration)], cancellationToken);

    public Task<long> DeleteIndexedBeforeAsync(CollectionKey scope, IReadOnlyList<Guid> ids, DateTimeOffset before, CancellationToken cancellationToken) =>
        DeleteAsync("DELETE FROM points WHERE scope = @scope AND id = @id AND indexed_at < @before RETURNING slot", scope, ids, [("@before", before.UtcTicks)], cancellationToken);

    public Task<long> DeleteSomeAsync(CollectionKey scope, int limit, CancellationToken cancellationToken) =>
        ChangeAsync(
            (session, slots) => Delete(
                session,
                slots,
                "DELETE FROM points WHERE slot IN (SELECT slot FROM points INDEXED BY points_by_id WHERE scope = @scope LIMIT @limit) RETURNING slot",
                ("@scope", session.FindScope(scope)),
                ("@limit", limit)),
            cancellationToken);

    /// <summary>Deletes by id what a statement's further conditions hold for.</summary>
    private Task<long> DeleteAsync(string sql, CollectionKey scope, IReadOnlyList<Guid> ids, (string Name, object? Value)[] conditions, CancellationToken cancellationToken) =>
        ChangeAsync(
            (session, slots) =>
            {
                var number = session.FindScope(scope);
                return number is null ? 0L : ids.Sum(id => Delete(session, slots, sql, [("@scope", number), ("@id", id.ToByteArray(bigEndian: true)), .. conditions]));
            },
            cancellationToken);

    private static bool TryUpsert(SqliteSession session, SlotChanges slots, long scope, PreparedPoint point)
    {
        var stored = PointRows.Find(session, scope, point.Id);
        if (stored is not { } old)
        {
            PointRows.Insert(session, scope, slots.Add(scope, point.Row), point);
            return true;
        }

        if ((old.Generation, old.Epoch).CompareTo((point.Payload.Generation, point.Payload.Epoch)) > 0)
        {
            return false;
        }

        PointRows.Replace(session, scope, slots.Add(scope, point.Row), point);
        slots.Remove(old.Slot);
        return true;
    }

    private static long Delete(SqliteSession session, SlotChanges slots, string sql, params ReadOnlySpan<(string Name, object? Value)> parameters)
    {
        using var row = session.Query(sql, parameters);
        var count = 0L;
        while (row.Read())
        {
            slots.Remove(row.GetInt64(0));
            count++;
        }

        return count;
    }

    private Task<T> ChangeAsync<T>(Func<SqliteSession, SlotChanges, T> work, CancellationToken cancellationToken) =>
        _database.WriteAsync(
            session =>
            {
                using var slots = new SlotChanges((SlotMap)_views);
                var result = work(session, slots);
                slots.Keep();
                return result;
            },
            cancellationToken);
}
