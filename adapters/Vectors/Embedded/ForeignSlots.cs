
using Quiver.Adapters.Storage.Sqlite;

namespace Quiver.Adapters.Vectors.Embedded;

/// <summary>
/// The vectors of a collection that another process may be writing. The database tells which slots hold points; <see cref="ReaderLock"/> keeps
/// the writer from filling those again while a view is open. For one thread.
/// </summary>
internal sealed class ForeignSlots(string folder, FlatLayout layout) : IFlatViews
{
    private readonly ReaderLock _readers = new(folder);
    private SlotFile? _file;
    private SlotSnapshot? _last;

    public FlatLayout Layout => layout;

    public FlatView Open(SqliteSession session)
    {
        // Before the transaction takes its state, which its first statement does.
        var held = _readers.Share();
        try
        {
            var version = FlatLoader.ReadMeta(session)?.Version ?? 0;
            var segments = OpenSegments(FlatLoader.ReadEnd(session));
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
            throw new TransientException(ErrorCodes.StorageUnavailable, $"{folder} began to be written while it was read: try again.");
        }
    }

    private SlotSegment[] OpenSegments(int end)
    {
        if (end == 0)
        {
            return [];
        }

        _file ??= SlotFile.OpenReadOnly(Path.Combine(folder, "vectors.bin"), layout, end);
        _file.Show(end);
        return _file.Segments;
    }

    private SlotSnapshot ReadSnapshot(SqliteSession session, long version, SlotSegment[] segments) =>
        _last = _last is { } last && last.Version == version ? last : new(version, FlatLoader.ReadBlocks(session, FlatLoader.ReadEnd(session)), segments);
}
