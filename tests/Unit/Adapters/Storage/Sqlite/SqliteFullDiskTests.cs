using Quiver.Adapters.Storage.Sqlite;
using Quiver.Tests.Support;

namespace Quiver.Tests.Unit.Adapters.Storage.Sqlite;

/// <summary>A database on a real disk that is full.</summary>
public sealed class SqliteFullDiskTests : IAsyncLifetime
{
    private static readonly SqliteMigration[] Schema = [new(1, "CREATE TABLE t (x INTEGER PRIMARY KEY, y BLOB)")];

    private readonly Quiver.Tests.Support.TemporaryFolder _folder = new();
    private SmallDisk? _disk;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private string Database => Path.Combine(_disk!.Path, "t.db");

    public async ValueTask InitializeAsync() => _disk = await SmallDisk.MountAsync(_folder.At("disk"), 4);

    public async ValueTask DisposeAsync()
    {
        if (_disk is not null)
        {
            await _disk.DisposeAsync();
        }

        _folder.Dispose();
    }

    [Fact]
    public async Task Write_WhileTheDiskIsFull_IsRefusedAndWorksAgainWithSpace()
    {
        await using var database = SqliteDatabase.Open(Database, Schema);
        await InsertAsync(database, 1, 10);
        var filler = _disk!.Fill();

        var errors = new List<PermanentException>();
        for (var i = 0; i < 3; i++)
        {
            errors.Add(await Assert.ThrowsAsync<PermanentException>(() => InsertAsync(database, 2, 500_000)));
        }

        Assert.Equal([1L], await RowsAsync(database));
        File.Delete(filler);
        await InsertAsync(database, 2, 500_000);

        Assert.All(errors, static error => Assert.Equal(ErrorCodes.StorageFull, error.Code));
        Assert.All(errors, error => Assert.Contains(Database, error.Message, StringComparison.Ordinal));
        Assert.Equal([1L, 2L], await RowsAsync(database));
    }

    [Fact]
    public async Task Open_OnAFullDisk_IsStorageFull()
    {
        await using (var database = SqliteDatabase.Open(Database, Schema))
        {
            await InsertAsync(database, 1, 10);
        }

        _disk!.Fill();

        Assert.Equal(ErrorCodes.StorageFull, Assert.Throws<PermanentException>(() => SqliteDatabase.Open(Path.Combine(_disk.Path, "u.db"), Schema)).Code);
    }

    [Fact]
    public async Task Compact_WithoutSpaceForTheCopy_ChangesNothing()
    {
        await using (var database = SqliteDatabase.Open(Database, Schema))
        {
            await InsertAsync(database, 1, 1_500_000);
        }

        _disk!.Fill();
        var error = Assert.Throws<PermanentException>(() => SqliteFile.Compact(Database, Schema));
        File.Delete(Path.Combine(_disk.Path, "filler"));

        await using var again = SqliteDatabase.Open(Database, Schema);
        Assert.Equal(ErrorCodes.StorageFull, error.Code);
        Assert.Equal([1L], await RowsAsync(again));
    }

    private static Task InsertAsync(SqliteDatabase database, int key, int bytes) =>
        database.WriteAsync(session => session.Execute("INSERT INTO t VALUES ($x, zeroblob($y))", ("$x", key), ("$y", bytes)), Cancel);

    private static Task<List<long>> RowsAsync(SqliteDatabase database) => database.ReadAsync(
        static session =>
        {
            List<long> rows = [];
            using var row = session.Rows("SELECT x FROM t ORDER BY x");
            while (row.Read())
            {
                rows.Add(row.Integer(0));
            }

            return rows;
        },
        Cancel);
}
