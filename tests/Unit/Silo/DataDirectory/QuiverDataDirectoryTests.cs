using Quiver.Silo.DataDirectory;
using Quiver.Tests.Support;

namespace Quiver.Tests.Unit.Silo.DataDirectory;

public sealed class QuiverDataDirectoryTests
{
    [Fact]
    public void Create_OfAMissingDirectory_IsForItsOwnerOnly()
    {
        using var folder = new TemporaryFolder();
        var path = folder.At("a/b");

        QuiverDataDirectory.Create(path);
        QuiverDataDirectory.Create(path);

        Assert.True(Directory.Exists(path));
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(path));
        }
    }

    [Fact]
    public void Create_BelowAFile_IsUnavailableStorage()
    {
        using var folder = new TemporaryFolder();

        var error = Assert.Throws<PermanentException>(() => QuiverDataDirectory.Create(folder.Write("file", "") + "/data"));

        Assert.Equal(ErrorCodes.StorageUnavailable, error.Code);
    }
}
