using System.Threading.Channels;

namespace Quiver.Adapters.Storage.Sqlite;

/// <summary>A unit of work for a database thread.</summary>
internal abstract class SqliteWork(CancellationToken cancellationToken)
{
    public CancellationToken CancellationToken { get; } = cancellationToken;

    /// <summary>Runs the work and keeps its result for <see cref="Complete"/>; throws the exception of the work.</summary>
    public abstract void Run(SqliteSession session);

    /// <summary>Completes the task with the result.</summary>
    public abstract void Complete();

    /// <summary>Completes the task with an error.</summary>
    public abstract void Fail(Exception exception);

    /// <summary>Completes the task as canceled.</summary>
    public abstract void Cancel();
}

/// <summary>Work with a result.</summary>
internal sealed class SqliteWork<T>(Func<SqliteSession, T> work, CancellationToken cancellationToken) : SqliteWork(cancellationToken)
{
    private readonly TaskCompletionSource<T> _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private T? _result;

    public Task<T> Task => _completion.Task;

    public override void Run(SqliteSession session) => _result = work(session);

    public override void Complete() => _completion.TrySetResult(_result!);

    public override void Fail(Exception exception)
    {
        if (exception is OperationCanceledException canceled)
        {
            _completion.TrySetCanceled(canceled.CancellationToken);
        }
        else
        {
            _completion.TrySetException(exception);
        }
    }

    public override void Cancel() => _completion.TrySetCanceled(CancellationToken);
}

/// <summary>The loop of a reading thread; each work sees one snapshot of the database.</summary>
internal sealed class SqliteReader(ISqliteConnector connector, ChannelReader<SqliteWork> queue)
{
    private SqliteSession? _session;

    public void Run()
    {
        while (queue.WaitForWork())
        {
            while (queue.TryRead(out var work))
            {
                Read(work);
            }
        }

        _session?.Dispose();
    }

    private void Read(SqliteWork work)
    {
        if (work.CancellationToken.IsCancellationRequested)
        {
            work.Cancel();
            return;
        }

        try
        {
            _session ??= connector.Open();
            _session.Execute("BEGIN");
            using (work.CancellationToken.UnsafeRegister(static session => ((SqliteSession)session!).Interrupt(), _session))
            {
                work.Run(_session);
            }

            EndTransaction();
            connector.RequireUnchanged();
            work.Complete();
        }
        catch (Exception exception)
        {
            EndTransaction();
            var canceled = work.CancellationToken.IsCancellationRequested && exception is not QuiverException;
            work.Fail(canceled ? new OperationCanceledException(work.CancellationToken) : connector.Translate(exception));
        }
    }

    private void EndTransaction()
    {
        if (_session is { } session && !session.TryRollBack())
        {
            session.Dispose();
            _session = null;
        }
    }
}

/// <summary>The loop of the writing thread: runs all queued work in one transaction, each work in its own savepoint, and commits once.</summary>
internal sealed class SqliteWriter(
    SqliteConnector connector, SqliteSession first, ChannelReader<SqliteWork> queue, ISqliteCommitParticipant? participant)
{
    private const int MaxWorkPerCommit = 64;

    private readonly List<SqliteWork> _done = new(MaxWorkPerCommit);
    private SqliteSession? _session = first;

    public void Run()
    {
        while (queue.WaitForWork())
        {
            WriteGroup();
        }

        _session?.Dispose();
    }

    private void WriteGroup()
    {
        _done.Clear();
        var begun = false;
        try
        {
            _session ??= connector.Open();
            _session.Execute("BEGIN IMMEDIATE");
            begun = true;
            while (_done.Count < MaxWorkPerCommit && queue.TryRead(out var work))
            {
                RunInSavepoint(_session, work);
            }

            Finish(_session);
        }
        catch (Exception exception)
        {
            Abandon();
            FailAll(connector.Translate(exception), begun);
        }
    }

    private void Finish(SqliteSession session)
    {
        if (_done.Count == 0)
        {
            session.Execute("ROLLBACK");
            participant?.RolledBack();
            return;
        }

        participant?.BeforeCommit(session);
        session.Execute("COMMIT");
        participant?.Committed();
        _done.ForEach(work => work.Complete());
    }

    private void RunInSavepoint(SqliteSession session, SqliteWork work)
    {
        if (work.CancellationToken.IsCancellationRequested)
        {
            work.Cancel();
            return;
        }

        try
        {
            session.Execute("SAVEPOINT work");
            work.Run(session);
            session.CloseReaders();
            session.Execute("RELEASE work");
            _done.Add(work);
        }
        catch (Exception exception)
        {
            work.Fail(connector.Translate(exception));
            // After an error that rolled back the whole transaction there is no savepoint: this throws, and the group fails.
            session.CloseReaders();
            session.Execute("ROLLBACK TO work");
            session.Execute("RELEASE work");
        }
    }

    /// <summary>Rolls back the transaction; closes a connection that cannot roll back.</summary>
    private void Abandon()
    {
        if (_session is { } session && !session.TryRollBack())
        {
            session.Dispose();
            _session = null;
        }

        participant?.RolledBack();
    }

    private void FailAll(Exception exception, bool begun)
    {
        // When no transaction could begin, one queued work must fail, or its caller would wait forever.
        if (!begun && queue.TryRead(out var waiting))
        {
            waiting.Fail(exception);
        }

        _done.ForEach(work => work.Fail(exception));
    }
}

internal static class SqliteQueueExtensions
{
    /// <summary>Blocks the calling thread until there is work; false when the queue is closed and empty.</summary>
    public static bool WaitForWork(this ChannelReader<SqliteWork> queue) => queue.WaitToReadAsync().AsTask().GetAwaiter().GetResult();
}
