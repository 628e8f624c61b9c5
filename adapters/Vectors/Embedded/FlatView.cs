
using Quiver.Adapters.Storage.Sqlite;

namespace Quiver.Adapters.Vectors.Embedded;

/// <summary>One state of a collection: a read transaction of the database and the vectors of the same commit, which stay as they are until it is disposed.</summary>
/// <param name="session">The connection.</param>
/// <param name="segments">Where the vectors are.</param>
/// <param name="snapshot">Gives the scope of each slot.</param>
/// <param name="release">Runs when the vectors are no longer needed.</param>
internal sealed class FlatView(SqliteSession session, SlotSegment[] segments, Func<SlotSnapshot> snapshot, Action release) : IDisposable
{
    private SlotSnapshot? _snapshot;

    public SqliteSession Session { get; } = session;

    public SlotSegment[] Segments { get; } = segments;

    public SlotSnapshot Snapshot => _snapshot ??= snapshot();

    public void Dispose() => release();
}
