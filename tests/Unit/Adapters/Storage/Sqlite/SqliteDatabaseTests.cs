using Quiver.Adapters.Storage.Sqlite;

namespace Quiver.Tests.Unit.Adapters.Storage.Sqlite;

public sealed class SqliteDatabaseTests : IDisposable
{
    private static readonly SqliteMigration[] Schema = [new(1, "CREATE TABLE t (x INTEGER PRIMARY KEY, pad BLOB)")];

    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Write_ThatThrows_LeavesNoTraceAndDoesNotDisturbTheOthersOfItsCommit()
    {
        await using var database = Open();
        var gate = await HoldWriterAsync(database);

        var before = database.WriteAsync(session => Insert(session, 1), Cancel);
        var failing = database.WriteAsync(
            session =>
            {
                Insert(session, 2);
                throw new InvalidOperationException("mine");
            },
            Cancel);
        var colliding = database.WriteAsync(session => Insert(session, 1), Cancel);
        var after = database.WriteAsync(session => Insert(session, 3), Cancel);
        gate.Set();

        await before;
        await after;
        Assert.Equal("mine", (await Assert.ThrowsAsync<InvalidOperationException>(() => failing)).Message);
        Assert.Equal(ErrorCodes.StorageUnavailable, (await Assert.ThrowsAsync<PermanentException>(() => colliding)).Code);
        Assert.Equal([1, 3], await RowsAsync(database));
    }

    [Fact]
    public async Task Open_FileThatIsNoDatabase_AdvisesARepair_NotFreeSpace()
    {
        var path = Path.Combine(_folder.Path, "noise.db");
        await File.WriteAllBytesAsync(path, [.. Enumerable.Repeat((byte)0xEE, 8192)], Cancel);

        var error = await Assert.ThrowsAsync<PermanentException>(async () =>
        {
            await using var database = SqliteDatabase.Open(path, Schema);
            await database.ReadAsync(session => session.Query("SELECT x FROM t").Read(), Cancel);
        });

        Assert.Equal(ErrorCodes.StorageDamaged, error.Code);
        Assert.Contains("run 'quiver repair', or restore the whole directory from a backup", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("free space", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Write_ThatThrowsWithAReaderOpen_LeavesItsCommandUsable()
    {
        await using var database = Open();
        await database.WriteAsync(session => Insert(session, 1), Cancel);
        const string Sql = "SELECT x FROM t";

        foreach (var run in new Func<Func<SqliteSession, bool>, Task>[] { work => database.WriteAsync(work, Cancel), work => database.ReadAsync(work, Cancel) })
        {
            await Assert.ThrowsAsync<InvalidOperationException>(
                () => run(
                    session =>
                    {
                        session.Query(Sql).Read();
                        throw new InvalidOperationException();
                    }));
            await run(session =>
            {
                using var row = session.Query(Sql);
                return row.Read();
            });
        }

        await database.WriteAsync(session => session.Execute("DELETE FROM t"), Cancel);
        Assert.Empty(await RowsAsync(database));
    }

    [Fact]
    public async Task Write_CancelledWhileQueued_DoesNotRun()
    {
        await using var database = Open();
        using var source = new CancellationTokenSource();
        var gate = await HoldWriterAsync(database);

        var cancelled = database.WriteAsync(session => Insert(session, 1), source.Token);
        var other = database.WriteAsync(session => Insert(session, 2), Cancel);
        await source.CancelAsync();
        gate.Set();

        await other;
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => cancelled);
        Assert.Equal([2], await RowsAsync(database));
    }

    [Fact]
    public async Task Read_CancelledWhileRunning_IsInterrupted()
    {
        await using var database = Open();
        using var source = new CancellationTokenSource();

        var endless = database.ReadAsync(
            session =>
            {
                source.CancelAfter(TimeSpan.FromMilliseconds(1));
                return session.Scalar("WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n");
            },
            source.Token);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => endless);
        Assert.Empty(await RowsAsync(database));
    }

    [Fact]
    public async Task Read_OfSeveralStatements_SeesOneState()
    {
        await using var database = Open();
        using var written = new ManualResetEventSlim();
        var read = database.ReadAsync(
            session =>
            {
                var first = session.Scalar("SELECT count(*) FROM t");
                written.Wait(Cancel);
                return (first, session.Scalar("SELECT count(*) FROM t"));
            },
            Cancel);

        await database.WriteAsync(session => Insert(session, 1), Cancel);
        written.Set();

        var (first, second) = await read;
        Assert.Equal(first, second);
        Assert.Equal([1], await RowsAsync(database));
    }

    [Fact]
    public async Task Dispose_WhileWorkIsQueued_FinishesItAndRefusesFurther()
    {
        var database = Open();
        var gate = await HoldWriterAsync(database);
        var queued = Enumerable.Range(1, 200).Select(i => database.WriteAsync(session => Insert(session, i), Cancel)).ToList();

        var closing = database.DisposeAsync().AsTask();
        var late = database.WriteAsync(session => Insert(session, 999), Cancel);
        gate.Set();

        await closing;
        await Task.WhenAll(queued);
        await Assert.ThrowsAsync<ObjectDisposedException>(() => late);
        await Assert.ThrowsAsync<ObjectDisposedException>(() => database.ReadAsync(_ => 1, Cancel));
        await database.DisposeAsync();
        await using var again = Open();
        Assert.Equal(Enumerable.Range(1, 200).Select(i => (long)i), await RowsAsync(again));
    }

    [Fact]
    public async Task Write_OnAFullDisk_IsAPermanentStorageErrorAndTheDatabaseGoesOn()
    {
        await using var database = Open();
        await database.WriteAsync(session => Insert(session, 1), Cancel);
        await database.WriteAsync(session => session.Scalar("PRAGMA max_page_count = 20"), Cancel);

        var full = await Assert.ThrowsAsync<PermanentException>(
            () => database.WriteAsync(session => session.Execute("INSERT INTO t VALUES (2, zeroblob(1000000))"), Cancel));

        Assert.Equal(ErrorCodes.StorageFull, full.Code);
        Assert.Contains("t.db", full.Message, StringComparison.Ordinal);
        await database.WriteAsync(session => session.Scalar("PRAGMA max_page_count = 1000000"), Cancel);
        await database.WriteAsync(session => Insert(session, 3), Cancel);
        Assert.Equal([1, 3], await RowsAsync(database));
    }

    [Fact]
    public async Task Write_WhoseTransactionSqliteGaveUp_FailsItsGroupAndTheDatabaseGoesOn()
    {
        await using var database = Open();
        var gate = await HoldWriterAsync(database);

        var before = database.WriteAsync(session => Insert(session, 1), Cancel);
        var fatal = database.WriteAsync(session => session.Execute("INSERT OR ROLLBACK INTO t VALUES (1, NULL)"), Cancel);
        gate.Set();

        await Assert.ThrowsAsync<PermanentException>(() => fatal);
        await Assert.ThrowsAsync<PermanentException>(() => before);
        await database.WriteAsync(session => Insert(session, 2), Cancel);
        Assert.Equal([2], await RowsAsync(database));
    }

    [Fact]
    public async Task Commit_WhoseParticipantFails_FailsTheGroupAndTellsIt()
    {
        var participant = new Participant();
        await using var database = SqliteDatabase.Open(_folder.File("t.db"), Schema, participant: participant);
        await database.WriteAsync(session => Insert(session, 1), Cancel);
        participant.Failing = true;

        await Assert.ThrowsAsync<IOException>(() => database.WriteAsync(session => Insert(session, 2), Cancel));
        participant.Failing = false;
        await database.WriteAsync(session => Insert(session, 3), Cancel);

        Assert.Equal([1, 3], await RowsAsync(database));
        Assert.Equal((2, 1), (participant.Commits, participant.RollBacks));
    }

    private static int Insert(SqliteSession session, int x) => session.Execute("INSERT INTO t (x) VALUES (@x)", ("@x", x));

    private static Task<List<long>> RowsAsync(SqliteDatabase database) =>
        database.ReadAsync(
            session =>
            {
                var rows = new List<long>();
                using var row = session.Query("SELECT x FROM t ORDER BY x");
                while (row.Read())
                {
                    rows.Add(row.GetInt64(0));
                }

                return rows;
            },
            Cancel);

    /// <summary>Keeps the writing thread busy, so that the next writes share a commit.</summary>
    private static async Task<ManualResetEventSlim> HoldWriterAsync(SqliteDatabase database)
    {
        var gate = new ManualResetEventSlim();
        var entered = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _ = database.WriteAsync(
            _ =>
            {
                entered.SetResult();
                gate.Wait(Cancel);
            },
            Cancel);
        await entered.Task;
        return gate;
    }

    private SqliteDatabase Open() => SqliteDatabase.Open(_folder.File("t.db"), Schema);

    private sealed class Participant : ISqliteCommitParticipant
    {
        public bool Failing { get; set; }

        public int Commits { get; private set; }

        public int RollBacks { get; private set; }

        public void BeforeCommit(SqliteSession session)
        {
            if (Failing)
            {
                throw new IOException("disk");
            }
        }

        public void Committed() => Commits++;

        public void RolledBack() => RollBacks++;
    }
}

public sealed class SqliteDatabaseOpenTests : IDisposable
{
    private static readonly SqliteMigration[] Schema = [new(1, "CREATE TABLE t (x INTEGER PRIMARY KEY)")];

    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Open_OfANewerSchema_IsRefusedAndChangesNothing()
    {
        await using (Open([.. Schema, new(2, "CREATE TABLE u (y)")]))
        {
        }

        var error = Assert.Throws<PermanentException>(() => Open());

        Assert.Equal(ErrorCodes.StorageUnavailable, error.Code);
        Assert.Contains("newer version of Quiver", error.Message, StringComparison.Ordinal);
        await using var newer = Open([.. Schema, new(2, "CREATE TABLE u (y)")]);
        await newer.WriteAsync(session => session.Execute("INSERT INTO u VALUES (1)"), Cancel);
    }

    [Fact]
    public async Task Open_OfAnOlderSchema_RunsTheMissingSteps()
    {
        await using (var old = Open())
        {
            await old.WriteAsync(session => session.Execute("INSERT INTO t (x) VALUES (1)"), Cancel);
        }

        await using var database = Open([.. Schema, new(2, "ALTER TABLE t ADD COLUMN y INTEGER NOT NULL DEFAULT 5")]);

        Assert.Equal(5L, await database.ReadAsync(session => session.Scalar("SELECT y FROM t"), Cancel));
    }

    [Fact]
    public void Open_OfSomethingElse_IsAPermanentStorageError()
    {
        File.WriteAllText(_folder.File("t.db"), new string('x', 5000));

        Assert.Equal(ErrorCodes.StorageDamaged, Assert.Throws<PermanentException>(() => Open()).Code);
        Assert.Throws<PermanentException>(() => SqliteDatabase.Open(_folder.File("none/t.db"), Schema));
    }

    private SqliteDatabase Open(SqliteMigration[]? schema = null) => SqliteDatabase.Open(_folder.File("t.db"), schema ?? Schema);
}
