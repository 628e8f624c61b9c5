using System.Threading.Channels;

namespace Quiver.Adapters.Storage.Sqlite;

/// <summary>The writing thread's loop: takes what is waiting into one transaction, each work in a savepoint of its own, and commits once.</summary>
internal sealed class SqliteWriter(SqliteConnector connector, SqliteSession first, ChannelReader<SqliteWork> queue, ISqliteCommitParticipant? participant)
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
        catch (Exception e)
        {
            Abandon();
            FailAll(connector.Translate(e), begun);
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
        catch (Exception e)
        {
            work.Fail(connector.Translate(e));
            // When the error made SQLite give up the whole transaction there is no savepoint left: that throws, and the group fails.
            session.CloseReaders();
            session.Execute("ROLLBACK TO work");
            session.Execute("RELEASE work");
        }
    }

    /// <summary>Ends the transaction whatever its state; a connection that cannot even do that is given up.</summary>
    private void Abandon()
    {
        if (_session is { } session && !session.TryRollBack())
        {
            session.Dispose();
            _session = null;
        }

        participant?.RolledBack();
    }

    private void FailAll(Exception error, bool begun)
    {
        // When no transaction could be begun, one waiting work must learn of it, or its caller would wait for ever.
        if (!begun && queue.TryRead(out var waiting))
        {
            waiting.Fail(error);
        }

        _done.ForEach(work => work.Fail(error));
    }
}
