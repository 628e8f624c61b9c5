using System.Threading.Channels;
using Microsoft.Data.Sqlite;

namespace Quiver.Adapters.Sqlite;

/// <summary>
/// A SQLite file in WAL mode behind dedicated threads: one that writes, with group commit, and a few that read. A write has reached the
/// disk when its task completes.
/// </summary>
internal sealed class SqliteDatabase : IAsyncDisposable
{
    private const int QueueCapacity = 1024;
    private const int MaxWorkPerCommit = 64;

    private readonly string _path;
    private readonly Action? _beforeCommit;
    private readonly Channel<SqliteWork> _writes = CreateQueue();
    private readonly Channel<SqliteWork> _reads = CreateQueue();
    private readonly List<Thread> _threads = [];
    private int _disposed;

    private SqliteDatabase(string path, Action? beforeCommit)
    {
        _path = path;
        _beforeCommit = beforeCommit;
    }

    /// <summary>Opens or creates a database and brings its schema up to date.</summary>
    /// <param name="path">The file.</param>
    /// <param name="migrations">All steps of the schema, in order.</param>
    /// <param name="readers">Reading threads, 1 to 16.</param>
    /// <param name="beforeCommit">Runs on the writing thread before each commit; what it does is durable no later than the commit.</param>
    /// <exception cref="PermanentException">The file cannot be opened, or is of a newer Quiver.</exception>
    public static SqliteDatabase Open(string path, IReadOnlyList<SqliteMigration> migrations, int readers = 2, Action? beforeCommit = null)
    {
        var database = new SqliteDatabase(path, beforeCommit);
        try
        {
            var writer = database.Connect(SqliteOpenMode.ReadWriteCreate);
            Migrate(writer, migrations, path);
            database.Start(() => database.WriteLoop(writer), "write");
            for (var i = 0; i < readers; i++)
            {
                database.Start(() => database.ReadLoop(), "read");
            }
        }
        catch (SqliteException e)
        {
            throw SqliteErrors.Translate(e, path);
        }

        return database;
    }

    /// <summary>Runs work in a transaction; completes after the commit. Work that throws leaves no trace and does not disturb the others.</summary>
    public async Task<T> WriteAsync<T>(Func<SqliteSession, T> work, CancellationToken cancellationToken = default)
    {
        var item = new SqliteWork<T>(work, cancellationToken);
        await EnqueueAsync(_writes, item, cancellationToken);
        return await item.Task;
    }

    /// <summary>Runs work that returns nothing; see the other overload.</summary>
    public Task WriteAsync(Action<SqliteSession> work, CancellationToken cancellationToken = default) =>
        WriteAsync(
            session =>
            {
                work(session);
                return true;
            },
            cancellationToken);

    /// <summary>Runs work that only reads; it sees all writes that completed before.</summary>
    public async Task<T> ReadAsync<T>(Func<SqliteSession, T> work, CancellationToken cancellationToken = default)
    {
        var item = new SqliteWork<T>(work, cancellationToken);
        await EnqueueAsync(_reads, item, cancellationToken);
        return await item.Task;
    }

    /// <summary>Finishes what is queued and closes the file.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) == 0)
        {
            _writes.Writer.Complete();
            _reads.Writer.Complete();
            await Task.Factory.StartNew(JoinThreads, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        }
    }

    private static Channel<SqliteWork> CreateQueue() =>
        Channel.CreateBounded<SqliteWork>(new BoundedChannelOptions(QueueCapacity) { FullMode = BoundedChannelFullMode.Wait });

    private static void Migrate(SqliteSession session, IReadOnlyList<SqliteMigration> migrations, string path)
    {
        var version = Convert.ToInt32(session.Scalar("PRAGMA user_version"), System.Globalization.CultureInfo.InvariantCulture);
        if (version > migrations.Count)
        {
            throw new PermanentException(
                ErrorCodes.StorageUnavailable,
                $"{path} was written by a newer Quiver (schema {version}, this one knows {migrations.Count}): use that version, or another data directory.");
        }

        foreach (var migration in migrations.Skip(version))
        {
            using var command = session.Connection.CreateCommand();
            command.CommandText = $"BEGIN IMMEDIATE; {migration.Script}; PRAGMA user_version = {migration.Version}; COMMIT;";
            command.ExecuteNonQuery();
        }
    }

    private async ValueTask EnqueueAsync(Channel<SqliteWork> queue, SqliteWork item, CancellationToken cancellationToken)
    {
        try
        {
            await queue.Writer.WriteAsync(item, cancellationToken);
        }
        catch (ChannelClosedException)
        {
            throw new ObjectDisposedException(_path);
        }
    }

    private SqliteSession Connect(SqliteOpenMode mode)
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = _path, Mode = mode, Pooling = false }.ToString());
        connection.Open();
        var session = new SqliteSession(connection);
        // FULL: a commit that was reported survives a power failure, not only a killed process.
        session.Execute("PRAGMA journal_mode = WAL");
        session.Execute("PRAGMA synchronous = FULL");
        session.Execute("PRAGMA busy_timeout = 10000");
        session.Execute("PRAGMA foreign_keys = ON");
        return session;
    }

    private void Start(Action loop, string role)
    {
        var thread = new Thread(() => loop()) { IsBackground = true, Name = $"sqlite {role} {Path.GetFileName(_path)}" };
        _threads.Add(thread);
        thread.Start();
    }

    private void JoinThreads()
    {
        foreach (var thread in _threads)
        {
            thread.Join();
        }
    }

    private void ReadLoop()
    {
        SqliteSession? session = null;
        while (WaitToRead(_reads))
        {
            while (_reads.Reader.TryRead(out var work))
            {
                if (work.CancellationToken.IsCancellationRequested)
                {
                    work.Cancel();
                    continue;
                }

                try
                {
                    session ??= Connect(SqliteOpenMode.ReadWrite);
                    work.Run(session);
                    work.Complete();
                }
                catch (Exception e)
                {
                    work.Fail(Translated(e));
                }
            }
        }

        session?.Dispose();
    }

    private void WriteLoop(SqliteSession session)
    {
        var done = new List<SqliteWork>(MaxWorkPerCommit);
        while (WaitToRead(_writes))
        {
            done.Clear();
            try
            {
                session.Execute("BEGIN IMMEDIATE");
                while (done.Count < MaxWorkPerCommit && _writes.Reader.TryRead(out var work))
                {
                    RunInSavepoint(session, work, done);
                }

                _beforeCommit?.Invoke();
                session.Execute("COMMIT");
                done.ForEach(work => work.Complete());
            }
            catch (Exception e)
            {
                AbandonTransaction(session);
                FailAll(done, Translated(e));
            }
        }

        session.Dispose();
    }

    private void RunInSavepoint(SqliteSession session, SqliteWork work, List<SqliteWork> done)
    {
        if (work.CancellationToken.IsCancellationRequested)
        {
            work.Cancel();
            return;
        }

        session.Execute("SAVEPOINT work");
        try
        {
            work.Run(session);
            session.Execute("RELEASE work");
            done.Add(work);
        }
        catch (Exception e)
        {
            work.Fail(Translated(e));
            session.Execute("ROLLBACK TO work");
            session.Execute("RELEASE work");
        }
    }

    /// <summary>When even BEGIN failed, one waiting work must learn of it, or its caller would wait for ever.</summary>
    private void FailAll(List<SqliteWork> done, Exception error)
    {
        if (done.Count == 0 && _writes.Reader.TryRead(out var waiting))
        {
            waiting.Fail(error);
        }

        done.ForEach(work => work.Fail(error));
    }

    private static void AbandonTransaction(SqliteSession session)
    {
        // SQLite has rolled back by itself after some errors; autocommit tells.
        if (SQLitePCL.raw.sqlite3_get_autocommit(session.Connection.Handle) == 0)
        {
            session.Execute("ROLLBACK");
        }
    }

    private static bool WaitToRead(Channel<SqliteWork> queue) =>
        queue.Reader.WaitToReadAsync().AsTask().GetAwaiter().GetResult();

    private Exception Translated(Exception e) => e is SqliteException error ? SqliteErrors.Translate(error, _path) : e;
}
