
using Quiver.Adapters.Storage.Sqlite;

namespace Quiver.Tests.Unit.Adapters.Storage.Sqlite;

public sealed class SqliteReadOnlyTests : IDisposable
{
    private static readonly SqliteMigration[] Schema = [new(1, "CREATE TABLE t (x INTEGER PRIMARY KEY)")];
    private static readonly SqliteMigration[] Newer = [.. Schema, new(2, "CREATE TABLE u (y)")];

    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task OpenReadOnly_OfAMissingFile_ReadsAnEmptyDatabaseAndCreatesNothing()
    {
        await using (var database = SqliteDatabase.OpenReadOnly(_folder.File("none/t.db"), Newer))
        {
            Assert.Equal(0L, await database.ReadAsync(static session => session.Scalar("SELECT count(*) FROM u"), Cancel));
        }

        Assert.Empty(Directory.EnumerateFileSystemEntries(_folder.Path));
    }

    [Fact]
    public async Task OpenReadOnly_OfAFileThatIsBeingMade_ReadsAnEmptyDatabase()
    {
        File.WriteAllBytes(_folder.File("t.db"), []);

        await using var database = Open(Schema);

        Assert.Equal(0L, await CountAsync(database));
    }

    [Fact]
    public async Task OpenReadOnly_BesideAWriter_SeesEachCommit()
    {
        await using var writer = SqliteDatabase.Open(_folder.File("t.db"), Schema);
        await using var database = Open(Schema);
        for (var count = 1L; count <= 3; count++)
        {
            await writer.WriteAsync(session => session.Execute("INSERT INTO t (x) VALUES (@x)", ("@x", count)), Cancel);
            Assert.Equal(count, await CountAsync(database));
        }
    }

    [Fact]
    public async Task OpenReadOnly_OfANewerSchema_IsRefused()
    {
        await WriteAsync(Newer);

        await using var database = Open(Schema);
        var error = await Assert.ThrowsAsync<PermanentException>(() => CountAsync(database));

        Assert.Equal(ErrorCodes.StorageUnavailable, error.Code);
        Assert.Contains("newer version of Quiver", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task OpenReadOnly_OfAnOlderSchema_SaysWhichCommandsChangeIt()
    {
        await WriteAsync(Schema);

        await using var database = Open(Newer);
        var error = await Assert.ThrowsAsync<PermanentException>(() => CountAsync(database));

        Assert.Equal(ErrorCodes.StorageUnavailable, error.Code);
        Assert.Contains("'quiver serve'", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Write_ToADatabaseOpenedToRead_IsRefused()
    {
        await WriteAsync(Schema);
        await using var database = Open(Schema);

        await Assert.ThrowsAsync<InvalidOperationException>(() => database.WriteAsync(static session => session.Execute("INSERT INTO t (x) VALUES (9)"), Cancel));
        await Assert.ThrowsAsync<PermanentException>(() => database.ReadAsync(static session => session.Execute("INSERT INTO t (x) VALUES (9)"), Cancel));
        Assert.Equal(1L, await CountAsync(database));
    }

    private SqliteDatabase Open(SqliteMigration[] schema) => SqliteDatabase.OpenReadOnly(_folder.File("t.db"), schema);

    private static Task<object?> CountAsync(SqliteDatabase database) => database.ReadAsync(static session => session.Scalar("SELECT count(*) FROM t"), Cancel);

    private async Task WriteAsync(SqliteMigration[] schema)
    {
        await using var database = SqliteDatabase.Open(_folder.File("t.db"), schema);
        await database.WriteAsync(static session => session.Execute("INSERT INTO t (x) VALUES (1)"), Cancel);
    }
}
