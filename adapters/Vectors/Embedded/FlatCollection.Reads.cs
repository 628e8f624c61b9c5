using System.Globalization;
using Quiver.Adapters.Storage.Sqlite;
using Quiver.Core.Vectors;

namespace Quiver.Adapters.Vectors.Embedded;

/// <content>Scroll, existence, count.</content>
internal sealed partial class FlatCollection
{
    public Task<IReadOnlyList<StoredPoint>> ScrollAsync(CollectionKey scope, Guid? after, int limit, bool withVectors, CancellationToken cancellationToken) =>
        _database.ReadAsync<IReadOnlyList<StoredPoint>>(
            session =>
            {
                using var view = _views.Open(session);
                using var row = session.Query(
                    $"SELECT {PointRows.Columns} FROM points WHERE scope = @scope AND id > @after ORDER BY id LIMIT @limit",
                    ("@scope", session.FindScope(scope)),
                    // The empty string of bytes comes before every id.
                    ("@after", after?.ToByteArray(bigEndian: true) ?? []),
                    ("@limit", limit));
                var points = new List<StoredPoint>(limit);
                while (row.Read())
                {
                    var (slot, point) = PointRows.Read(row, scope);
                    points.Add(withVectors ? point with { Vector = ReadVector(view, slot) } : point);
                }

                return points;
            },
            cancellationToken);

    public Task<IReadOnlySet<Guid>> FindExistingAsync(CollectionKey scope, IReadOnlyList<Guid> ids, long fromGeneration, CancellationToken cancellationToken) =>
        _database.ReadAsync<IReadOnlySet<Guid>>(
            session =>
            {
                var number = session.FindScope(scope);
                return number is null
                    ? new HashSet<Guid>()
                    : ids.Where(
                        id => session.Scalar(
                            "SELECT 1 FROM points WHERE scope = @scope AND id = @id AND generation >= @generation",
                            ("@scope", number),
                            ("@id", id.ToByteArray(bigEndian: true)),
                            ("@generation", fromGeneration)) is not null).ToHashSet();
            },
            cancellationToken);

    public Task<long> CountAsync(CollectionKey scope, CancellationToken cancellationToken) =>
        _database.ReadAsync(
            session => Convert.ToInt64(
                session.Scalar("SELECT count(*) FROM points INDEXED BY points_by_id WHERE scope = @scope", ("@scope", session.FindScope(scope))),
                CultureInfo.InvariantCulture),
            cancellationToken);

    public Task<IReadOnlyList<StoredPoint>> FindIndexedBeforeAsync(CollectionKey scope, DateTimeOffset before, Guid? after, int limit, CancellationToken cancellationToken) =>
        _database.ReadAsync<IReadOnlyList<StoredPoint>>(
            session =>
            {
                using var row = session.Query(
                    $"SELECT {PointRows.Columns} FROM points WHERE scope = @scope AND id > @after AND indexed_at < @before ORDER BY id LIMIT @limit",
                    ("@scope", session.FindScope(scope)),
                    ("@after", after?.ToByteArray(bigEndian: true) ?? []),
                    ("@before", before.UtcTicks),
                    ("@limit", limit));
                var points = new List<StoredPoint>();
                while (row.Read())
                {
                    points.Add(PointRows.Read(row, scope).Point);
                }

                return points;
            },
            cancellationToken);

    public Task<IReadOnlyList<FacetValue>> FacetAsync(CollectionKey scope, FacetRequest request, CancellationToken cancellationToken) =>
        _database.ReadAsync(session => session.FindScope(scope) is { } number ? FacetSql.Read(session, number, request) : [], cancellationToken);

    private unsafe float[] ReadVector(FlatView view, int slot)
    {
        var segment = view.Segments[slot / Layout.RowsPerSegment];
        return new ReadOnlySpan<float>(segment.Row((long)(slot % Layout.RowsPerSegment) * Layout.RowBytes), Layout.Dimensions).ToArray();
    }
}
