using System.Globalization;
using Quiver.Adapters.Storage.Files;
using Quiver.Adapters.Storage.Sqlite;
using Quiver.Core.Vectors;

namespace Quiver.Adapters.Vectors.Embedded;

/// <summary>One physical collection: a folder with the file of vectors and the database of everything else.</summary>
internal sealed class FlatCollection : IAsyncDisposable
{
    private readonly SqliteDatabase _database;
    private readonly IFlatViews _views;
    private readonly SearchPool _pool;
    private readonly string _folder;
    private readonly LexicalSearch _words = new();

    /// <summary>Fills the full-text index; null in a process that only reads.</summary>
    private readonly LexicalFill? _fill;

    private volatile bool _verified;

    private FlatCollection(SqliteDatabase database, IFlatViews views, SearchPool pool, string folder, LexicalFill? fill)
    {
        _database = database;
        _views = views;
        _pool = pool;
        _folder = folder;
        _fill = fill;
    }

    public FlatLayout Layout => _views.Layout;

    /// <summary>Opens a collection, or creates it when <paramref name="dimensions"/> is given.</summary>
    /// <returns>Null when it is missing and not to be created.</returns>
    public static async Task<FlatCollection?> OpenAsync(
        string folder, int? dimensions, FlatIndexOptions options, SearchPool pool, Action<CommitStage>? observer, DirectoryManifest? manifest)
    {
        var path = FlatFiles.DatabaseIn(folder);
        if (dimensions is null && !File.Exists(path))
        {
            manifest?.RequirePresent(path);
            return null;
        }

        CreateFolder(folder);
        var participant = new DeferredParticipant();
        var database = SqliteDatabase.Open(path, FlatSchema.Migrations, options.ConcurrentReads, participant, manifest: manifest);
        try
        {
            if (dimensions is { } wanted)
            {
                await database.WriteAsync(session => FlatSchema.CreateWhenMissing(session, FlatLayout.Create(wanted, options.SegmentBytes)));
            }

            await database.WriteAsync(LexicalTables.Prepare);
            if (await database.ReadAsync(session => SlotMap.Load(session, folder, observer)) is { } map)
            {
                participant.Target = map;
                return new(database, map, pool, folder, await LexicalFill.StartAsync(database));
            }
        }
        catch
        {
            await database.DisposeAsync();
            throw;
        }

        await database.DisposeAsync();
        return null;
    }

    /// <summary>Opens a collection for reading, also while another process writes it.</summary>
    /// <returns>Null when it is missing.</returns>
    public static async Task<FlatCollection?> OpenReadOnlyAsync(string folder, SearchPool pool, DirectoryManifest? manifest)
    {
        var path = FlatFiles.DatabaseIn(folder);
        if (!File.Exists(path))
        {
            manifest?.RequirePresent(path);
            return null;
        }

        var database = SqliteDatabase.OpenReadOnly(path, FlatSchema.Migrations, manifest);
        try
        {
            if (await database.ReadAsync(FlatSchema.ReadMeta) is var (layout, _))
            {
                return new(database, new ForeignSlots(folder, layout), pool, folder, fill: null);
            }
        }
        catch
        {
            await database.DisposeAsync();
            throw;
        }

        await database.DisposeAsync();
        return null;
    }

    public async ValueTask DisposeAsync()
    {
        if (_fill is not null)
        {
            await _fill.DisposeAsync();
        }

        await _database.DisposeAsync();
        _views.Dispose();
    }

    public Task<UpsertOutcome> UpsertAsync(PointScope scope, IReadOnlyList<VectorPoint> points, CancellationToken cancellationToken)
    {
        var prepared = points.Select(point => PreparedPoint.Create(point, scope, Layout)).ToList();
        return ChangeAsync(
            (session, slots) =>
            {
                var number = session.GetScope(scope.Collection);
                LexicalTables.Ensure(session, number);
                var written = prepared.Count(point => TryUpsert(session, slots, number, point));
                return new UpsertOutcome(written, prepared.Count - written);
            },
            cancellationToken);
    }

    public Task<long> DeleteAsync(CollectionKey scope, IReadOnlyList<Guid> ids, CancellationToken cancellationToken) =>
        DeleteAsync(scope, ids, "", [], cancellationToken);

    public Task<long> DeleteOlderAsync(CollectionKey scope, IReadOnlyList<Guid> ids, long beforeGeneration, CancellationToken cancellationToken) =>
        DeleteAsync(scope, ids, " AND generation < @before", [("@before", beforeGeneration)], cancellationToken);

    public Task<long> DeleteIndexedBeforeAsync(CollectionKey scope, IReadOnlyList<Guid> ids, DateTimeOffset before, CancellationToken cancellationToken) =>
        DeleteAsync(scope, ids, " AND indexed_at < @before", [("@before", before.UtcTicks)], cancellationToken);

    public Task<long> DeleteSomeAsync(CollectionKey scope, int limit, CancellationToken cancellationToken) =>
        ChangeAsync(
            (session, slots) =>
            {
                if (session.FindScope(scope) is not { } number)
                {
                    return 0L;
                }

                var deleted = Delete(
                    session,
                    slots,
                    number,
                    $"DELETE FROM points WHERE slot IN (SELECT slot FROM points INDEXED BY points_by_id WHERE scope = @scope LIMIT @limit) RETURNING slot, {LexicalTables.TermColumns}",
                    ("@scope", number),
                    ("@limit", limit));
                LexicalTables.DropWhenEmpty(session, number);
                return deleted;
            },
            cancellationToken);

    public Task<IReadOnlyList<StoredPoint>> QueryAsync(CollectionKey scope, PointQuery query, CancellationToken cancellationToken)
    {
        var row = Layout.CreateRow(query.Vector.Span);
        return _database.ReadAsync(
            session =>
            {
                using var view = _views.Open(session);
                RequireWhole(view, cancellationToken);
                return session.FindScope(scope) is { } number
                    ? Search(view, new(view.Snapshot, Layout, (int)number, row, FindAllowed(view, number, query.Filter)), scope, query, cancellationToken)
                    : [];
            },
            cancellationToken);
    }

    public Task<LexicalAnswer> QueryLexicalAsync(CollectionKey scope, LexicalQuery query, CancellationToken cancellationToken) =>
        _database.ReadAsync(
            session =>
            {
                using var view = _views.Open(session);
                if (FindGap(session) is { } gap)
                {
                    return new LexicalAnswer([]) { Gap = gap };
                }

                return session.FindScope(scope) is { } number && LexicalTables.Exists(session, number)
                    ? new LexicalAnswer(SearchWords(view, scope, number, query))
                    : new LexicalAnswer([]);
            },
            cancellationToken);

    public Task<IReadOnlyList<StoredPoint>> ScrollAsync(CollectionKey scope, Guid? after, int limit, bool withVectors, CancellationToken cancellationToken) =>
        _database.ReadAsync<IReadOnlyList<StoredPoint>>(
            session =>
            {
                using var view = _views.Open(session);
                return ReadPage(
                    session,
                    scope,
                    "",
                    [("@after", Key(after)), ("@limit", limit)],
                    (place, point) => withVectors ? point with { Vector = ReadVector(view, place) } : point);
            },
            cancellationToken);

    public Task<IReadOnlyList<StoredPoint>> FindIndexedBeforeAsync(
        CollectionKey scope, DateTimeOffset before, Guid? after, int limit, CancellationToken cancellationToken) =>
        _database.ReadAsync<IReadOnlyList<StoredPoint>>(
            session => ReadPage(
                session,
                scope,
                " AND indexed_at < @before",
                [("@after", Key(after)), ("@limit", limit), ("@before", before.UtcTicks)],
                static (_, point) => point),
            cancellationToken);

    public Task<IReadOnlyList<StoredPoint>> ReadAsync(CollectionKey scope, IReadOnlyList<Guid> ids, CancellationToken cancellationToken) =>
        _database.ReadAsync<IReadOnlyList<StoredPoint>>(
            session =>
            {
                var number = session.FindScope(scope);
                var points = new List<StoredPoint>(ids.Count);
                foreach (var id in number is null ? [] : ids.Distinct())
                {
                    using var row = session.Query(
                        $"SELECT {PointRows.Columns} FROM points WHERE scope = @scope AND id = @id", ("@scope", number), ("@id", id.ToByteArray(bigEndian: true)));
                    if (row.Read())
                    {
                        points.Add(PointRows.Read(row, scope).Point);
                    }
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

    public Task<IReadOnlyList<FacetValue>> FacetAsync(CollectionKey scope, FacetRequest request, CancellationToken cancellationToken) =>
        _database.ReadAsync(session => session.FindScope(scope) is { } number ? FacetSql.Read(session, number, request) : [], cancellationToken);

    private static void CreateFolder(string folder)
    {
        try
        {
            Directory.CreateDirectory(folder);
        }
        catch (Exception exception) when (FileFaults.IsOne(exception))
        {
            throw FileFaults.Classify(exception, folder, "Check the path and its permissions.");
        }
    }

    /// <summary>The stored form of an id; that of null sorts before every id.</summary>
    private static byte[] Key(Guid? id) => id?.ToByteArray(bigEndian: true) ?? [];

    private static bool TryUpsert(SqliteSession session, SlotChanges slots, long scope, PreparedPoint point)
    {
        var stored = PointRows.Find(session, scope, point.Id);
        if (stored is not { } old)
        {
            var first = slots.Add(scope, point.Row);
            PointRows.Insert(session, scope, first, point);
            LexicalTables.Add(session, scope, first, point.Terms);
            return true;
        }

        if ((old.Generation, old.Epoch).CompareTo((point.Payload.Generation, point.Payload.Epoch)) > 0)
        {
            return false;
        }

        LexicalTables.Remove(session, scope, old.Slot, LexicalTables.Read(session, old.Slot)!.Value.Terms);
        var slot = slots.Add(scope, point.Row);
        PointRows.Replace(session, scope, slot, point);
        LexicalTables.Add(session, scope, slot, point.Terms);
        slots.Remove(old.Slot);
        return true;
    }

    /// <summary>Runs a deletion that returns slots and texts.</summary>
    private static long Delete(
        SqliteSession session, SlotChanges slots, long scope, string sql, params ReadOnlySpan<(string Name, object? Value)> parameters)
    {
        List<(long Slot, PointTerms Terms)> deleted = [];
        using (var row = session.Rows(sql, parameters))
        {
            while (row.Read())
            {
                deleted.Add((row.Integer(0), LexicalTables.ReadTerms(row, 1)));
            }
        }

        foreach (var (slot, terms) in deleted)
        {
            LexicalTables.Remove(session, scope, slot, terms);
            slots.Remove(slot);
        }

        return deleted.Count;
    }

    private static List<StoredPoint> ReadPage(
        SqliteSession session, CollectionKey scope, string condition, (string Name, object? Value)[] parameters, Func<VectorPlace, StoredPoint, StoredPoint> convert)
    {
        using var row = session.Query(
            $"SELECT {PointRows.Columns} FROM points WHERE scope = @scope AND id > @after{condition} ORDER BY id LIMIT @limit",
            [("@scope", session.FindScope(scope)), .. parameters]);
        var points = new List<StoredPoint>();
        while (row.Read())
        {
            var (place, point) = PointRows.Read(row, scope);
            points.Add(convert(place, point));
        }

        return points;
    }

    private StoredPoint ReadPoint(FlatView view, CollectionKey scope, int slot)
    {
        using var row = view.Session.Query($"SELECT {PointRows.Columns} FROM points WHERE slot = @slot", ("@slot", slot));
        if (row.Read())
        {
            var (place, point) = PointRows.Read(row, scope);
            CheckedRow(view, place);
            return point;
        }

        throw new PermanentException(ErrorCodes.Internal, $"Slot {slot} has a vector and no row: verify the collection.");
    }

    /// <summary>Finds the slots whose payload matches the filter; null without a filter. Fields other than document id and title are metadata.</summary>
    private static SlotSet? FindAllowed(FlatView view, long scope, ImmutableDictionary<string, string> filter)
    {
        if (filter.IsEmpty)
        {
            return null;
        }

        var metadata = filter.Remove(PayloadFields.DocumentId).Remove(PayloadFields.Title).ToList();
        var slots = new SlotSet(view.Snapshot.Capacity);
        var select = "SELECT slot, metadata FROM points WHERE scope = @scope";
        List<(string, object?)> parameters = [("@scope", scope)];
        if (filter.TryGetValue(PayloadFields.DocumentId, out var document))
        {
            select += " AND document_id = @document";
            parameters.Add(("@document", document));
        }

        if (filter.TryGetValue(PayloadFields.Title, out var title))
        {
            select += " AND title = @title";
            parameters.Add(("@title", title));
        }

        using var row = view.Session.Query(select, [.. parameters]);
        while (row.Read())
        {
            if (metadata.Count == 0 || (!row.IsDBNull(1) && MetadataJson.Matches(row.GetFieldValue<byte[]>(1), metadata)))
            {
                slots.Add(row.GetInt32(0));
            }
        }

        return slots;
    }

    /// <summary>Deletes the points with these ids that also match a condition.</summary>
    private Task<long> DeleteAsync(
        CollectionKey scope, IReadOnlyList<Guid> ids, string condition, (string Name, object? Value)[] parameters, CancellationToken cancellationToken)
    {
        var sql = $"DELETE FROM points WHERE scope = @scope AND id = @id{condition} RETURNING slot, {LexicalTables.TermColumns}";
        return ChangeAsync(
            (session, slots) => session.FindScope(scope) is { } number
                ? ids.Sum(id => Delete(session, slots, number, sql, [("@scope", number), ("@id", id.ToByteArray(bigEndian: true)), .. parameters]))
                : 0L,
            cancellationToken);
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

    /// <summary>Why the full-text index cannot answer; null when it can.</summary>
    private LexicalGap? FindGap(SqliteSession session)
    {
        if (!LexicalTables.HasTodaysTerms(session))
        {
            return new("The full-text index is of another version of Quiver; a command that writes to the collection fills it again.", IsTemporary: true);
        }

        if (LexicalTables.ReadProgress(session) is not { } progress)
        {
            return null;
        }

        var reason = string.Create(CultureInfo.InvariantCulture, $"The full-text index of the collection is being filled; {Math.Floor(progress * 100)} % is done.");
        var interruption = _fill?.Continue() is { } fault ? $" It was interrupted: {fault.Message}" : "";
        return new(reason + interruption, IsTemporary: true);
    }

    private List<StoredPoint> SearchWords(FlatView view, CollectionKey scope, long number, LexicalQuery query)
    {
        var allowed = FindAllowed(view, number, query.Filter);
        return
        [
            .. _words.Find(view.Session, number, view.Snapshot.CountPoints((int)number), query.Text, query.Limit, allowed)
                .Select(hit => ReadPoint(view, scope, hit.Slot) with { Score = hit.Score })
                .OrderByDescending(static point => point.Score)
                .ThenBy(static point => point.Id),
        ];
    }

    private IReadOnlyList<StoredPoint> Search(FlatView view, SlotScanPlan plan, CollectionKey scope, PointQuery query, CancellationToken cancellationToken)
    {
        var scan = new SlotScan<TopHits>(plan, () => new(query.Limit, query.ScoreThreshold ?? float.NegativeInfinity), cancellationToken);
        _pool.Run(scan);
        cancellationToken.ThrowIfCancellationRequested();

        var best = scan.Sinks.SelectMany(sink => sink.Hits).OrderByDescending(hit => hit.Score).ToList();
        var hits = best.Take(query.Limit).ToList();
        var droppedTie = scan.Sinks.Select(sink => sink.DroppedTie).Append(float.NegativeInfinity).Max();
        if (hits.Count == query.Limit && (droppedTie == hits[^1].Score || (best.Count > hits.Count && best[hits.Count].Score == hits[^1].Score)))
        {
            hits = SettleTies(view, plan, hits, cancellationToken);
        }

        return hits.Select(hit => ReadPoint(view, scope, hit.Slot) with { Score = hit.Score })
            .OrderByDescending(point => point.Score)
            .ThenBy(point => point.Id)
            .ToList();
    }

    /// <summary>Keeps, of the points with the lowest score, those with the lowest ids. Ids are not in memory, so this walks the index by id.</summary>
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

    /// <summary>
    /// Compares all vectors with their checksums before the first search: a search over damaged vectors would leave out points that it should find.
    /// Later damage is noticed in the points that a search returns.
    /// </summary>
    private void RequireWhole(FlatView view, CancellationToken cancellationToken)
    {
        if (_verified)
        {
            return;
        }

        var (vectors, damaged) = FlatFiles.FindDamaged(view.Session, slot => Row(view, slot), cancellationToken);
        if (damaged.Count > 0)
        {
            throw Damaged($"{damaged.Count} of {vectors} vectors are not what was written");
        }

        _verified = true;
    }

    private float[] ReadVector(FlatView view, VectorPlace place) => CheckedRow(view, place)[..Layout.Dimensions].ToArray();

    private ReadOnlySpan<float> CheckedRow(FlatView view, VectorPlace place)
    {
        var row = Row(view, place.Slot);
        return place.Sum is { } sum && sum != VectorSum.Of(row) ? throw Damaged($"the vector in slot {place.Slot} is not what was written") : row;
    }

    private unsafe ReadOnlySpan<float> Row(FlatView view, int slot)
    {
        var segment = view.Segments[slot / Layout.RowsPerSegment];
        return new ReadOnlySpan<float>(segment.Row((long)(slot % Layout.RowsPerSegment) * Layout.RowBytes), Layout.RowFloats);
    }

    private PermanentException Damaged(string what) => DirectoryManifest.Error(SlotFile.PathIn(_folder), $"is damaged: {what}");

    /// <summary>Forwards to the slot map, which is loaded from the database that it participates in.</summary>
    private sealed class DeferredParticipant : ISqliteCommitParticipant
    {
        private volatile SlotMap? _target;

        public SlotMap? Target
        {
            set => _target = value;
        }

        public void BeforeCommit(SqliteSession session) => _target?.BeforeCommit(session);

        public void Committed() => _target?.Committed();

        public void RolledBack() => _target?.RolledBack();
    }
}
