using System.Globalization;
using Quiver.Adapters.Storage.Sqlite;

namespace Quiver.Adapters.Vectors.Embedded;

/// <summary>
/// Keeps the vectors in step with the database: a commit first brings the vectors that it refers to to the disk, then commits, then shows
/// the new state to searches. Slots emptied by a commit are filled again only after it, so no state that a crash can leave refers to a
/// half-written vector. For the writing thread, but for <see cref="Pins"/> and <see cref="Open"/>.
/// </summary>
internal sealed class SlotMap : ISqliteCommitParticipant, IFlatViews
{
    private const int MaxAttempts = 100_000;

    private readonly SlotAllocator _allocator;
    private readonly SharedBlocks _shared;
    private readonly Action<CommitStage>? _observer;
    private List<(int Slot, int Scope)> _kept = [];
    private SlotSnapshot? _next;

    public SlotMap(SlotFile file, SlotSnapshot first, SharedBlocks shared, SlotAllocator allocator, Action<CommitStage>? observer)
    {
        File = file;
        Pins = new(first);
        _shared = shared;
        _allocator = allocator;
        _observer = observer;
    }

    public SlotFile File { get; }

    public SlotPins Pins { get; }

    public FlatLayout Layout => File.Layout;

    /// <summary>The two halves of a state are published a moment apart, so it looks again until they agree.</summary>
    public FlatView Open(SqliteSession session)
    {
        var wait = default(SpinWait);
        for (var attempt = 0; attempt < MaxAttempts; attempt++)
        {
            var version = Convert.ToInt64(session.Scalar("SELECT version FROM meta"), CultureInfo.InvariantCulture);
            var snapshot = Pins.Acquire();
            if (snapshot.Version == version)
            {
                return new(session, snapshot.Segments, () => snapshot, () => Pins.Release(snapshot));
            }

            Pins.Release(snapshot);
            session.Execute("ROLLBACK");
            session.Execute("BEGIN");
            wait.SpinOnce();
        }

        throw new TransientException(ErrorCodes.StorageUnavailable, "The index changes too fast to be read: try again.");
    }

    public int Take() => _allocator.Take(Pins);

    public void Keep(List<(int Slot, int Scope)> steps) => _kept.AddRange(steps);

    public void Return(List<(int Slot, int Scope)> steps) => _allocator.Return(steps.Where(step => step.Scope != 0).Select(step => step.Slot));

    public void BeforeCommit(SqliteSession session)
    {
        if (_kept.Count > 0)
        {
            _observer?.Invoke(CommitStage.Written);
            File.Flush();
            session.Execute("UPDATE meta SET version = @version", ("@version", Pins.Current.Version + 1));
            // Made before the commit: behind it, nothing may fail.
            _next = new(Pins.Current.Version + 1, Apply(Pins.Current.Blocks), File.Segments);
            _observer?.Invoke(CommitStage.Flushed);
        }
    }

    public void Committed()
    {
        if (_next is { } next)
        {
            _observer?.Invoke(CommitStage.Committed);
            Pins.Publish(next);
            _allocator.Retire(next.Version, _kept.Where(step => step.Scope == 0).Select(step => step.Slot).ToList());
            _kept = [];
            _next = null;
        }
    }

    public void RolledBack()
    {
        // A commit that failed may yet be found on the disk after a crash; its slots then hold the vectors of points and stay unused till then.
        if (_next is null)
        {
            Return(_kept);
        }

        _kept = [];
        _next = null;
    }

    public void Dispose() => File.Dispose();

    private int[][] Apply(int[][] before)
    {
        var last = _kept.Max(step => step.Slot) / FlatLayout.BlockRows;
        var after = new int[Math.Max(before.Length, last + 1)][];
        before.CopyTo(after, 0);
        var copied = new HashSet<int>();
        foreach (var (slot, scope) in _kept)
        {
            var block = slot / FlatLayout.BlockRows;
            if (copied.Add(block))
            {
                after[block] = (int[]?)after[block]?.Clone() ?? new int[FlatLayout.BlockRows];
            }

            after[block][slot % FlatLayout.BlockRows] = scope;
        }

        foreach (var block in copied)
        {
            after[block] = _shared.Share(after[block]);
        }

        for (var i = before.Length; i < after.Length; i++)
        {
            after[i] ??= new int[FlatLayout.BlockRows];
        }

        return after;
    }
}
