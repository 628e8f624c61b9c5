using Microsoft.Extensions.Options;
using Quiver.Adapters.Artifacts;
using Quiver.Core.Artifacts;
using Quiver.Tests.Conformance.Artifacts;
using Quiver.Tests.Support;

namespace Quiver.Tests.Integration.Artifacts;

public sealed class DirectoryArtifactStoreTests : ArtifactStoreConformance, IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Key_IsMadeOnceAndReadableByItsOwnerOnly()
    {
        var path = _folder.At("artifacts.key");

        var key = ArtifactKey.LoadOrCreate(path);

        Assert.Equal(32, key.Length);
        Assert.Equal(key, ArtifactKey.LoadOrCreate(path));
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(path));
        }
    }

    protected override Task<IArtifactStore> CreateAsync() => Task.FromResult<IArtifactStore>(new DirectoryArtifactStore(
        Options.Create(new ArtifactOptions { Directory = _folder.At("artifacts") }), new ArtifactTokens(static () => new byte[32], TimeProvider.System)));
}
