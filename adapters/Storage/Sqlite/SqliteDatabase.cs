using System.Threading.Channels;
using Quiver.Adapters.Storage.Files;

namespace Quiver.Adapters.Storage.Sqlite;

/// <summary>
/// A SQLite file in WAL mode with dedicated threads: one writer, with group commit, and a few readers. A completed write is on the disk,
/// unless the database was opened to lose its last writes. Cancellation takes effect while work is queued, and interrupts running reads.
/// </summary>
internal sealed class SqliteDatabase : IAsyncDisposable
{
    private const int QueueCapacity = 1024;

    private readonly string _path;
    private readonly Channel<SqliteWork> _writes = CreateQueue();
    private readonly Channel<SqliteWork> _reads = CreateQueue();
    private readonly List<Thread> _threads = [];
    private readonly Lazy<Task> _closed;
    private bool _readOnly;

    private SqliteDatabase(string path)
    {
        _path = path;
        _closed = new(() => Task.Factory.StartNew(Close, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default));
    }

    /// <summary>Opens or creates a database and migrates its schema.</summary>
    /// <param name="path">The file; its folder must exist.</param>
    /// <param name="migrations">All migrations of the schema, in order.</param>
    /// <param name="readers">Reading threads, 1 to 16.</param>
    /// <param name="participant">State that changes with each commit.</param>
    /// <param name="survivesPowerFailure">False: commits do not wait for the disk, and a power failure may lose the last writes.</param>
    /// <param name="manifest">The directory that the file belongs to; null for a file of its own.</param>
    /// <exception cref="PermanentException">The file cannot be opened, or a newer version of Quiver wrote it.</exception>
    public static SqliteDatabase Open(
        string path, IReadOnlyList<SqliteMigration> migrations, int readers = 2, ISqliteCommitParticipant? participant = null, bool survivesPowerFailure = true,
        DirectoryManifest? manifest = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(readers, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(readers, 16);
        var connector = new SqliteConnector(path, survivesPowerFailure, manifest);
        var database = new SqliteDatabase(path);
        SqliteSession session;
        try
        {
            session = connector.OpenWriter(migrations);
        }
        catch (Exception exception) when (exception is not QuiverException)
        {
            throw connector.Translate(exception);
        }

        database.Start(new SqliteWriter(connector, session, database._writes.Reader, participant).Run, "write");
        for (var i = 0; i < readers; i++)
        {
            database.Start(new SqliteReader(connector, database._reads.Reader).Run, "read");
        }

        return database;
    }

    /// <summary>
    /// Opens a database for reading, with one reading thread, also while another process writes it and on read-only media. A missing file
    /// reads as an empty database and is not created. Errors of the file are thrown by each read.
    /// </summary>
    /// <param name="path">The file.</param>
    /// <param name="migrations">All migrations of the schema, in order.</param>
    /// <param name="manifest">The directory that the file belongs to: a listed file that is missing is an error. Null for a file of its own.</param>
    public static SqliteDatabase OpenReadOnly(string path, IReadOnlyList<SqliteMigration> migrations, DirectoryManifest? manifest = null)
    {
        var database = new SqliteDatabase(path) { _readOnly = true };
        database.Start(new SqliteReader(new ReadOnlySqliteConnector(path, migrations, manifest), database._reads.Reader).Run, "read");
        return database;
    }

    /// <summary>Runs work in a transaction; completes after the commit. Work that throws is rolled back without affecting other work.</summary>
    /// <exception cref="ObjectDisposedException">The database was closed.</exception>
    /// <exception cref="InvalidOperationException">The database is read-only.</exception>
    public Task<T> WriteAsync<T>(Func<SqliteSession, T> work, CancellationToken cancellationToken = default) => _readOnly
        ? throw new InvalidOperationException($"{_path} is open read-only.")
        : RunAsync(_writes, work, cancellationToken);

    /// <summary>Runs work without a result; see the other overload.</summary>
    public Task WriteAsync(Action<SqliteSession> work, CancellationToken cancellationToken = default) =>
        WriteAsync(
            session =>
            {
                work(session);
                return true;
            },
            cancellationToken);

    /// <summary>Runs work that only reads, in one snapshot that includes all completed writes.</summary>
    /// <exception cref="ObjectDisposedException">The database was closed.</exception>
    public Task<T> ReadAsync<T>(Func<SqliteSession, T> work, CancellationToken cancellationToken = default) => RunAsync(_reads, work, cancellationToken);

    /// <summary>Finishes queued work and closes the file.</summary>
    public async ValueTask DisposeAsync()
    {
        _writes.Writer.TryComplete();
        _reads.Writer.TryComplete();
        await _closed.Value;
    }

    private static Channel<SqliteWork> CreateQueue() =>
        Channel.CreateBounded<SqliteWork>(new BoundedChannelOptions(QueueCapacity) { FullMode = BoundedChannelFullMode.Wait });

    private async Task<T> RunAsync<T>(Channel<SqliteWork> queue, Func<SqliteSession, T> work, CancellationToken cancellationToken)
    {
        var item = new SqliteWork<T>(work, cancellationToken);
        try
        {
            await queue.Writer.WriteAsync(item, cancellationToken);
        }
        catch (ChannelClosedException)
        {
            throw new ObjectDisposedException(_path);
        }

        return await item.Task;
    }

    private void Start(Action loop, string role)
    {
        var thread = new Thread(() => loop()) { IsBackground = true, Name = $"sqlite {role} {Path.GetFileName(_path)}" };
        _threads.Add(thread);
        thread.Start();
    }

    private void Close()
    {
        foreach (var thread in _threads)
        {
            thread.Join();
        }
    }
}

/// <summary>State outside of the database that changes with its commits. All calls come from the writing thread.</summary>
internal interface ISqliteCommitParticipant
{
    /// <summary>Runs in the transaction before its commit. An exception rolls the transaction back.</summary>
    void BeforeCommit(SqliteSession session);

    /// <summary>Runs after a commit and before its work completes. Must not throw.</summary>
    void Committed();

    /// <summary>Runs after a rollback of the whole transaction. Must not throw.</summary>
    void RolledBack();
}
