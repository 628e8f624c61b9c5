using Quiver.Adapters.Storage.Sqlite;
using Quiver.Silo.DataDirectory;
using Quiver.Tests.Support;

namespace Quiver.Tests.Unit.Silo.DataDirectory;

public sealed class DataDirectoryFilesTests
{
    [Fact]
    public void Create_OfAMissingDirectory_IsForItsOwnerOnly()
    {
        using var folder = new TemporaryFolder();
        var path = folder.At("a/b");

        var created = new DataDirectoryFiles(path).Create();
        var again = new DataDirectoryFiles(path).Create();

        Assert.True(Directory.Exists(path));
        Assert.Equal([path, folder.At("a")], created);
        Assert.Empty(again);
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(path));
        }
    }

    [Fact]
    public void Create_BelowAFile_IsUnavailableStorage()
    {
        using var folder = new TemporaryFolder();

        var error = Assert.Throws<PermanentException>(() => new DataDirectoryFiles(folder.Write("file", "") + "/data").Create());

        Assert.Equal(ErrorCodes.StorageUnavailable, error.Code);
    }

    [Fact]
    public async Task Lock_OfADirectoryThatItCreatedForNothing_RemovesIt()
    {
        using var folder = new TemporaryFolder();
        await using (await AcquireAsync(folder.At("a/b")))
        {
            await using var database = SqliteDatabase.Open(new DataDirectoryFiles(folder.At("a/b")).GrainState, SqliteGrainSchema.Migrations);
        }

        Assert.False(Directory.Exists(folder.At("a")));
    }

    [Fact]
    public async Task Lock_OfADirectoryWithStateOrOtherFiles_LeavesIt()
    {
        using var folder = new TemporaryFolder();
        await using (await AcquireAsync(folder.At("state")))
        {
            await using var database = SqliteDatabase.Open(new DataDirectoryFiles(folder.At("state")).GrainState, SqliteGrainSchema.Migrations);
            await database.WriteAsync(
                static session => session.Scalar("INSERT INTO grain_state VALUES ('collection/a/b', 'collection', 1, x'7b7d')"), TestContext.Current.CancellationToken);
        }

        await using (await AcquireAsync(folder.At("settings")))
        {
            folder.Write("settings/quiver.json", "{}");
        }

        Directory.CreateDirectory(folder.At("before"));
        await using (await AcquireAsync(folder.At("before")))
        {
        }

        Assert.All(["state/grains.db", "settings/quiver.json", "before/quiver.lock"], name => Assert.True(File.Exists(folder.At(name)), name));
    }

    private static Task<DataDirectoryLock> AcquireAsync(string directory) =>
        DataDirectoryLock.AcquireAsync(directory, "test", TimeProvider.System, TestContext.Current.CancellationToken);
}
