using Quiver.Silo.DataDirectory;
using Quiver.Tests.Support;

namespace Quiver.Tests.Unit.Silo.DataDirectory;

public sealed class QuiverDataDirectoryTests
{
    [Theory]
    [InlineData("/o", "/v", "/x", "/h", "/o")]
    [InlineData(null, "/v", "/x", "/h", "/v")]
    [InlineData(" ", "/v", "/x", "/h", "/v")]
    [InlineData(null, "", "/x", "/h", "/x/quiver")]
    [InlineData(null, null, "relative", "/h", "/h/.local/share/quiver")]
    [InlineData(null, null, null, "/h", "/h/.local/share/quiver")]
    public void Resolve_TakesTheFirstThatIsSet(string? option, string? variable, string? shared, string? home, string expected)
    {
        var resolved = QuiverDataDirectory.Resolve(option, name => name switch
        {
            QuiverDataDirectory.Variable => variable,
            "XDG_DATA_HOME" => shared,
            "HOME" => home,
            _ => null,
        });

        Assert.Equal(expected, resolved);
    }

    [Fact]
    public void Resolve_OfARelativeOption_IsAbsolute() =>
        Assert.Equal(Path.Combine(Environment.CurrentDirectory, "d"), QuiverDataDirectory.Resolve("d"));

    [Fact]
    public void Resolve_WithoutAnything_SaysWhatToSet()
    {
        var error = Assert.Throws<InvalidRequestException>(() => QuiverDataDirectory.Resolve(null, static _ => null));

        Assert.Equal(ErrorCodes.InvalidOption, error.Code);
        Assert.Contains("--data", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Create_OfAMissingDirectory_IsForItsOwnerOnly()
    {
        using var folder = new TemporaryFolder();
        var path = folder.At("a/b");

        QuiverDataDirectory.Create(path);
        QuiverDataDirectory.Create(path);

        Assert.True(Directory.Exists(path));
        if (!OperatingSystem.IsWindows())
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(path));
    }

    [Fact]
    public void Create_BelowAFile_IsUnavailableStorage()
    {
        using var folder = new TemporaryFolder();

        var error = Assert.Throws<PermanentException>(() => QuiverDataDirectory.Create(folder.Write("file", "") + "/data"));

        Assert.Equal(ErrorCodes.StorageUnavailable, error.Code);
    }
}
