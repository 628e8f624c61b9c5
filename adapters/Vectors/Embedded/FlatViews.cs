using Quiver.Adapters.Storage.Sqlite;

namespace Quiver.Adapters.Vectors.Embedded;

/// <summary>Opens views that join the database of a collection with its vectors.</summary>
internal interface IFlatViews : IDisposable
{
    FlatLayout Layout { get; }

    /// <summary>Opens the newest state. Must be the first operation of work that reads vectors.</summary>
    /// <param name="session">A reading connection at the start of its transaction.</param>
    FlatView Open(SqliteSession session);
}

/// <summary>One state of a collection: a read transaction of the database and the vectors of the same commit, unchanged until it is disposed.</summary>
/// <param name="session">The connection.</param>
/// <param name="segments">The mapped vectors.</param>
/// <param name="snapshot">Creates the map of slots to scopes, on first use.</param>
/// <param name="release">Releases the vectors.</param>
internal sealed class FlatView(SqliteSession session, SlotSegment[] segments, Func<SlotSnapshot> snapshot, Action release) : IDisposable
{
    private SlotSnapshot? _snapshot;

    public SqliteSession Session { get; } = session;

    public SlotSegment[] Segments { get; } = segments;

    public SlotSnapshot Snapshot => _snapshot ??= snapshot();

    public void Dispose() => release();
}

/// <summary>
/// Views of a collection that another process may be writing. The database knows which slots hold points; <see cref="ReaderLock"/> keeps the
/// writer from reusing emptied slots while a view is open. For one thread.
/// </summary>
internal sealed class ForeignSlots(string folder, FlatLayout layout) : IFlatViews
{
    private readonly ReaderLock _readers = new(folder);
    private SlotFile? _file;
    private SlotSnapshot? _last;

    public FlatLayout Layout => layout;

    public FlatView Open(SqliteSession session)
    {
        // The lock must be held before the first statement, which fixes the transaction's state.
        var held = _readers.Share();
        try
        {
            var version = FlatSchema.ReadMeta(session)?.Version ?? 0;
            var segments = OpenSegments(FlatSchema.ReadEnd(session));
            return new(session, segments, () => ReadSnapshot(session, version, segments), () => Release(held));
        }
        catch
        {
            held?.Dispose();
            throw;
        }
    }

    public void Dispose() => _file?.Dispose();

    private void Release(IDisposable? held)
    {
        held?.Dispose();
        if (held is null && !_readers.IsMissing())
        {
            throw new TransientException(ErrorCodes.StorageUnavailable, $"Another process started to write {folder} during the read: try again.");
        }
    }

    private SlotSegment[] OpenSegments(int end)
    {
        if (end == 0)
        {
            return [];
        }

        _file ??= SlotFile.OpenReadOnly(SlotFile.PathIn(folder), layout, end);
        _file.MapRows(end);
        return _file.Segments;
    }

    private SlotSnapshot ReadSnapshot(SqliteSession session, long version, SlotSegment[] segments) =>
        _last = _last is { } last && last.Version == version ? last : new(version, FlatSchema.ReadBlocks(session, FlatSchema.ReadEnd(session)), segments);
}
