using System.Threading.Channels;

namespace Quiver.Adapters.Storage.Sqlite;

/// <summary>
/// A SQLite file in WAL mode behind dedicated threads: one that writes, with group commit, and a few that read. A write has reached the
/// disk when its task completes, unless the file may lose its last ones. Cancellation takes effect while work waits; a read is also interrupted while it runs.
/// </summary>
internal sealed class SqliteDatabase : IAsyncDisposable
{
    private const int QueueCapacity = 1024;

    private readonly string _path;
    private readonly Channel<SqliteWork> _writes = CreateQueue();
    private readonly Channel<SqliteWork> _reads = CreateQueue();
    private readonly List<Thread> _threads = [];
    private readonly Lazy<Task> _closed;
    private bool _onlyReads;

    private SqliteDatabase(string path)
    {
        _path = path;
        _closed = new(() => Task.Factory.StartNew(Close, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default));
    }

    /// <summary>Opens or creates a database and brings its schema up to date.</summary>
    /// <param name="path">The file; its folder must exist.</param>
    /// <param name="migrations">All steps of the schema, in order.</param>
    /// <param name="readers">Reading threads, 1 to 16.</param>
    /// <param name="participant">What else changes with each commit.</param>
    /// <param name="survivesPowerFailure">False where the last writes may be lost when the power fails; not when the process dies. Spares a wait for the disk at each commit.</param>
    /// <exception cref="PermanentException">The file cannot be opened, or is of a newer Quiver.</exception>
    public static SqliteDatabase Open(
        string path, IReadOnlyList<SqliteMigration> migrations, int readers = 2, ISqliteCommitParticipant? participant = null, bool survivesPowerFailure = true)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(readers, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(readers, 16);
        var connector = new SqliteConnector(path, survivesPowerFailure);
        var database = new SqliteDatabase(path);
        SqliteSession session;
        try
        {
            session = connector.OpenWriter(migrations);
        }
        catch (Exception e) when (e is not QuiverException)
        {
            throw connector.Translate(e);
        }

        database.Start(new SqliteWriter(connector, session, database._writes.Reader, participant).Run, "write");
        for (var i = 0; i < readers; i++)
        {
            database.Start(new SqliteReader(connector, database._reads.Reader).Run, "read");
        }

        return database;
    }

    /// <summary>
    /// Opens a database to read it, with one reading thread, also while another process writes it and where nothing can be written. A missing file
    /// reads as an empty database and is not created. What is wrong with the file is the error of each read.
    /// </summary>
    /// <param name="path">The file.</param>
    /// <param name="migrations">All steps of the schema, in order.</param>
    public static SqliteDatabase OpenReadOnly(string path, IReadOnlyList<SqliteMigration> migrations)
    {
        var database = new SqliteDatabase(path) { _onlyReads = true };
        database.Start(new SqliteReader(new ReadOnlySqliteConnector(path, migrations), database._reads.Reader).Run, "read");
        return database;
    }

    /// <summary>Runs work in a transaction; completes after the commit. Work that throws leaves no trace and does not disturb the others.</summary>
    /// <exception cref="ObjectDisposedException">The database was closed.</exception>
    /// <exception cref="InvalidOperationException">The database was opened to be read.</exception>
    public Task<T> WriteAsync<T>(Func<SqliteSession, T> work, CancellationToken cancellationToken = default) => _onlyReads
        ? throw new InvalidOperationException($"{_path} was opened to be read.")
        : RunAsync(_writes, work, cancellationToken);

    /// <summary>Runs work that returns nothing; see the other overload.</summary>
    public Task WriteAsync(Action<SqliteSession> work, CancellationToken cancellationToken = default) =>
        WriteAsync(
            session =>
            {
                work(session);
                return true;
            },
            cancellationToken);

    /// <summary>Runs work that only reads, in one snapshot; it sees all writes that completed before.</summary>
    /// <exception cref="ObjectDisposedException">The database was closed.</exception>
    public Task<T> ReadAsync<T>(Func<SqliteSession, T> work, CancellationToken cancellationToken = default) => RunAsync(_reads, work, cancellationToken);

    /// <summary>Finishes what is queued and closes the file.</summary>
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
