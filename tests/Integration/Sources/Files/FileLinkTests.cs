using Quiver.Tests.Support;

namespace Quiver.Tests.Integration.Sources.Files;

public sealed class FileLinkTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Read_LinksInsideTheRoot_AreFollowedOnce()
    {
        _folder.Write("r/a/x.txt", "x");
        _folder.Write("r/b/y.txt", "y");
        File.CreateSymbolicLink(_folder.At("r/link.txt"), "a/x.txt");
        Directory.CreateSymbolicLink(_folder.At("r/b/to-a"), _folder.At("r/a"));
        Directory.CreateSymbolicLink(_folder.At("r/a/to-b"), "../b");
        Directory.CreateSymbolicLink(_folder.At("r/a/up"), "..");
        Directory.CreateSymbolicLink(_folder.At("r/a/self"), ".");

        Assert.Equal(
            ["r/a/to-b/y.txt", "r/a/x.txt", "r/b/to-a/x.txt", "r/b/y.txt", "r/link.txt"],
            await FileSources.OutcomesAsync(FileSources.Spec(_folder.At("r"))));
    }

    [Fact]
    public async Task Read_LinksLeadingOut_AreOneFaultEach()
    {
        _folder.Write("outside/secret.txt", "s");
        _folder.Write("r-other/secret.txt", "s");
        _folder.Write("r/a/x.txt", "x");
        File.CreateSymbolicLink(_folder.At("r/a/file"), "../../outside/secret.txt");
        Directory.CreateSymbolicLink(_folder.At("r/folder"), _folder.At("outside"));
        Directory.CreateSymbolicLink(_folder.At("r/near"), "../r-other");
        Directory.CreateSymbolicLink(_folder.At("r/hop"), "folder/../outside");
        File.CreateSymbolicLink(_folder.At("r/nothing"), "not-there");
        File.CreateSymbolicLink(_folder.At("r/one"), "two");
        File.CreateSymbolicLink(_folder.At("r/two"), "one");

        Assert.Equal(
            [
                "r/a/file path_not_allowed", "r/a/x.txt", "r/folder path_not_allowed", "r/hop path_not_allowed", "r/near path_not_allowed",
                "r/nothing unreadable_file", "r/one unreadable_file", "r/two unreadable_file",
            ],
            await FileSources.OutcomesAsync(FileSources.Spec(_folder.At("r"))));
    }

    [Fact]
    public async Task Read_RootThatIsALink_IsFollowed()
    {
        _folder.Write("real/a.txt", "a");
        Directory.CreateSymbolicLink(_folder.At("link"), "real");

        Assert.Equal(["link/a.txt"], await FileSources.OutcomesAsync(FileSources.Spec(_folder.At("link"))));
    }
}
