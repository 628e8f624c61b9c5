using System.Globalization;
using Quiver.Adapters.Storage.Sqlite;

namespace Quiver.Adapters.Vectors.Embedded;

/// <summary>
/// Keeps the vectors consistent with the database: a commit flushes the vectors that it refers to, then commits, then publishes the new
/// state to searches. Slots emptied by a commit are reused only after it, so no state that a crash can leave refers to a partly written
/// vector. For the writing thread, except <see cref="Pins"/> and <see cref="Open"/>.
/// </summary>
internal sealed class SlotMap : ISqliteCommitParticipant, IFlatViews
{
    private const int MaxAttempts = 100_000;

    private readonly SlotAllocator _allocator;
    private readonly SharedBlocks _shared;
    private readonly Action<CommitStage>? _observer;
    private List<(int Slot, int Scope)> _kept = [];
    private SlotSnapshot? _next;

    private SlotMap(SlotFile file, SlotSnapshot first, SharedBlocks shared, SlotAllocator allocator, Action<CommitStage>? observer)
    {
        File = file;
        Pins = new(first);
        _shared = shared;
        _allocator = allocator;
        _observer = observer;
    }

    /// <summary>Builds the state in memory from the database: the scope of each slot, and the free slots. Reads no vectors or payloads.</summary>
    /// <returns>Null when the collection was never created.</returns>
    public static SlotMap? Load(SqliteSession session, string folder, Action<CommitStage>? observer)
    {
        if (FlatSchema.ReadMeta(session) is not var (layout, version))
        {
            return null;
        }

        var end = FlatSchema.ReadEnd(session);
        var blocks = FlatSchema.ReadBlocks(session, end);
        var free = FindFree(blocks, end);
        var shared = new SharedBlocks();
        for (var i = 0; i < blocks.Length; i++)
        {
            blocks[i] = shared.Share(blocks[i]);
        }

        var readers = new ReaderLock(folder);
        readers.Create();
        var file = new SlotFile(SlotFile.PathIn(folder), layout, end);
        return new(file, new(version, blocks, file.Segments), shared, new(readers, free, end), observer);
    }

    public SlotFile File { get; }

    public SlotPins Pins { get; }

    public FlatLayout Layout => File.Layout;

    /// <summary>Opens the newest state. Database and snapshot are published one after the other, so it retries until their versions match.</summary>
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

        throw new TransientException(ErrorCodes.StorageUnavailable, "The index changes too fast for a consistent read: try again.");
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
            // Created before the commit: nothing may fail after it.
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
        // A failed commit may still be on the disk after a crash; its slots then hold vectors of points, so they stay unused until a restart.
        if (_next is null)
        {
            Return(_kept);
        }

        _kept = [];
        _next = null;
    }

    public void Dispose() => File.Dispose();

    private static SlotSet FindFree(int[][] blocks, int end)
    {
        var free = new SlotSet(end);
        for (var slot = 0; slot < end; slot++)
        {
            if (blocks[slot / FlatLayout.BlockRows][slot % FlatLayout.BlockRows] == 0)
            {
                free.Add(slot);
            }
        }

        return free;
    }

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

/// <summary>The slots that one unit of work fills and empties; returned when it is disposed without <see cref="Keep"/>.</summary>
internal sealed class SlotChanges(SlotMap map) : IDisposable
{
    private bool _kept;

    /// <summary>Filled (scope) and emptied (0) slots, in order.</summary>
    public List<(int Slot, int Scope)> Steps { get; } = [];

    /// <summary>Writes a vector into a free slot.</summary>
    public int Add(long scope, float[] row)
    {
        var slot = map.Take();
        Steps.Add((slot, checked((int)scope)));
        map.File.Write(slot, row);
        return slot;
    }

    public void Remove(long slot) => Steps.Add((checked((int)slot), 0));

    /// <summary>Adds the changes to the commit.</summary>
    public void Keep()
    {
        _kept = true;
        map.Keep(Steps);
    }

    public void Dispose()
    {
        if (!_kept)
        {
            map.Return(Steps);
        }
    }
}

/// <summary>
/// One shared block for all blocks that are full of one scope's points, as most are: the map of a large collection then takes almost no
/// memory per point. For one thread.
/// </summary>
internal sealed class SharedBlocks
{
    private readonly Dictionary<int, int[]> _full = [];

    /// <summary>Returns the block to keep instead of one that will not be written again; a shared block must be copied before it is changed.</summary>
    public int[] Share(int[] block)
    {
        var scope = block[0];
        if (scope == 0 || block.AsSpan().ContainsAnyExcept(scope))
        {
            return block;
        }

        if (!_full.TryGetValue(scope, out var full))
        {
            _full.Add(scope, full = block);
        }

        return full;
    }
}

/// <summary>The stages of a commit, as the observer of tests sees them.</summary>
internal enum CommitStage
{
    /// <summary>Vectors are written, not flushed.</summary>
    Written = 1,

    /// <summary>Vectors are on the disk, the database is not committed.</summary>
    Flushed = 2,

    /// <summary>The database is committed, the new state is not published.</summary>
    Committed = 3,
}
