using Quiver.Adapters.Storage.Sqlite;

namespace Quiver.Tests.Unit.Adapters.Storage.Sqlite;

public sealed class SqliteFileTests : IDisposable
{
    private static readonly SqliteMigration[] Schema = [new(1, "CREATE TABLE t (x INTEGER PRIMARY KEY, y BLOB)")];

    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private string Database => _folder.File("t.db");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Compact_AfterADeletion_ReleasesTheSpaceAndKeepsTheRest()
    {
        await using (var database = SqliteDatabase.Open(Database, Schema))
        {
            await database.WriteAsync(static session => session.Execute("INSERT INTO t VALUES (1, zeroblob(100)), (2, zeroblob(3000000))"), Cancel);
            await database.WriteAsync(static session => session.Execute("DELETE FROM t WHERE x = 2"), Cancel);
        }

        var before = SqliteFile.Measure(Database);
        SqliteFile.Compact(Database, Schema);
        var after = SqliteFile.Measure(Database);

        await using var again = SqliteDatabase.Open(Database, Schema);
        Assert.InRange(before.FreeBytes, 2_900_000, before.Bytes);
        Assert.InRange(after.Bytes, 1, 40_000);
        Assert.Equal(0, after.FreeBytes);
        Assert.Equal(1L, await again.ReadAsync(static session => session.Scalar("SELECT count(*) FROM t"), Cancel));
    }

    [Fact]
    public async Task Measure_WhileItIsWritten_CountsTheLog()
    {
        await using var database = SqliteDatabase.Open(Database, Schema);
        await database.WriteAsync(static session => session.Execute("INSERT INTO t VALUES (1, zeroblob(100000))"), Cancel);

        Assert.InRange(SqliteFile.Measure(Database).Bytes, 100_000, 300_000);
        await database.WriteAsync(static session => session.Execute("INSERT INTO t VALUES (2, zeroblob(10))"), Cancel);
    }

    [Fact]
    public void Measure_OfNothingOrOfSomethingElse_IsTheLength()
    {
        File.WriteAllText(_folder.File("other"), new string('x', 5000));

        Assert.Equal(default, SqliteFile.Measure(_folder.File("none")));
        Assert.Equal(new SqliteFileSize(5000, 0), SqliteFile.Measure(_folder.File("other")));
    }
}
