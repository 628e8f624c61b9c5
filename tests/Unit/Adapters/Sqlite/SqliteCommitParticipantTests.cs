using Quiver.Adapters.Sqlite;

namespace Quiver.Tests.Unit.Adapters.Sqlite;

public sealed class SqliteCommitParticipantTests : IDisposable
{
    private static readonly SqliteMigration[] Schema = [new(1, "CREATE TABLE t (x INTEGER PRIMARY KEY)")];

    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

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

        Assert.Equal([1, 3], await database.ReadAsync(Rows, Cancel));
        Assert.Equal((2, 1), (participant.Commits, participant.RollBacks));
    }

    private static int Insert(SqliteSession session, int x) => session.Execute("INSERT INTO t (x) VALUES (@x)", ("@x", x));

    private static List<long> Rows(SqliteSession session)
    {
        var rows = new List<long>();
        using var row = session.Query("SELECT x FROM t ORDER BY x");
        while (row.Read())
        {
            rows.Add(row.GetInt64(0));
        }

        return rows;
    }

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
