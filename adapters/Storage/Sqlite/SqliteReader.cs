using System.Threading.Channels;

namespace Quiver.Adapters.Storage.Sqlite;

/// <summary>A reading thread's loop; each work sees one state of the database from its beginning to its end.</summary>
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
        catch (Exception e)
        {
            EndTransaction();
            var given = work.CancellationToken.IsCancellationRequested && e is not QuiverException;
            work.Fail(given ? new OperationCanceledException(work.CancellationToken) : connector.Translate(e));
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
