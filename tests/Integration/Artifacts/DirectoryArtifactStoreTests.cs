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

    [Fact]
    public async Task Open_OfADamagedFile_IsAnError()
    {
        var store = await CreateAsync();
        var path = _folder.At("artifacts/acme/a.txt");
        await PutAsync(store, "acme/a.txt", "the first text");
        var older = await File.ReadAllBytesAsync(path, Token);
        await PutAsync(store, "acme/a.txt", "the second text");
        var whole = await File.ReadAllBytesAsync(path, Token);

        foreach (var damaged in (byte[][])[older, whole[..5], [], [.. whole[..3], (byte)(whole[3] ^ 1), .. whole[4..]]])
        {
            await File.WriteAllBytesAsync(path, damaged, Token);
            var error = await Assert.ThrowsAsync<PermanentException>(() => store.OpenAsync(ArtifactName.Parse("acme/a.txt"), Token));
            Assert.Equal(ErrorCodes.StorageDamaged, error.Code);
        }

        await PutAsync(store, "acme/a.txt", "exported again");
        Assert.Equal("exported again", await ReadAsync(store, "acme/a.txt"));
        Assert.Single((await store.ListAsync("acme/", null, 10, Token)).Items);
    }

    protected override Task<IArtifactStore> CreateAsync() => Task.FromResult<IArtifactStore>(new DirectoryArtifactStore(
        Options.Create(new ArtifactOptions { Directory = _folder.At("artifacts") }), new ArtifactTokens(static () => new byte[32], TimeProvider.System)));
}
