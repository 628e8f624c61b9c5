using System.Globalization;
using Quiver.Adapters.Sqlite;

namespace Quiver.Adapters.FlatIndex;

/// <summary>One state of a collection: a read transaction of the database and the snapshot of slots that belongs to the same commit.</summary>
internal sealed class FlatView : IDisposable
{
    private const int MaxAttempts = 100_000;

    private readonly SlotPins _pins;

    private FlatView(SqliteSession session, SlotPins pins, SlotSnapshot snapshot)
    {
        Session = session;
        Snapshot = snapshot;
        _pins = pins;
    }

    public SqliteSession Session { get; }

    public SlotSnapshot Snapshot { get; }

    /// <summary>Takes the newest state. The two halves are published a moment apart, so it looks again until they agree.</summary>
    public static FlatView Open(SqliteSession session, SlotPins pins)
    {
        var wait = default(SpinWait);
        for (var attempt = 0; attempt < MaxAttempts; attempt++)
        {
            var version = Convert.ToInt64(session.Scalar("SELECT version FROM meta"), CultureInfo.InvariantCulture);
            var snapshot = pins.Acquire();
            if (snapshot.Version == version)
            {
                return new(session, pins, snapshot);
            }

            pins.Release(snapshot);
            session.Execute("ROLLBACK");
            session.Execute("BEGIN");
            wait.SpinOnce();
        }

        throw new TransientException(ErrorCodes.StorageUnavailable, "The index changes too fast to be read: try again.");
    }

    public void Dispose() => _pins.Release(Snapshot);
}
