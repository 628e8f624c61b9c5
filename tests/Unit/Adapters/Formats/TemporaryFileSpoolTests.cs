using Quiver.Adapters.Formats;
using Quiver.Core.Formats;
using Quiver.Tests.Support;

namespace Quiver.Tests.Unit.Adapters.Formats;

public sealed class TemporaryFileSpoolTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Spool_ForwardOnlyStream_BecomesSeekableAndIsDeleted()
    {
        var content = new byte[300_000];
        new Random(1).NextBytes(content);
        await using (var spooled = await new TemporaryFileSpool(content.Length, _folder.Path).SpoolAsync(new TrickleStream(content, new Random(1), 50_000), Token))
        {
            Assert.Equal((true, 0L, (long)content.Length), (spooled.CanSeek, spooled.Position, spooled.Length));
            spooled.Position = 299_000;
            var tail = new byte[1_000];
            await spooled.ReadExactlyAsync(tail, Token);
            Assert.Equal(content[^1_000..], tail);
        }

        Assert.Empty(Directory.EnumerateFiles(_folder.Path));
    }

    [Fact]
    public async Task Spool_MoreThanTheLimit_IsRefusedAndDeleted()
    {
        var error = await Assert.ThrowsAsync<SpoolLimitException>(() => new TemporaryFileSpool(99, _folder.Path).SpoolAsync(new TrickleStream(new byte[100], new Random(1), 10), Token));

        Assert.Contains("more than the 99 bytes", error.Message, StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFiles(_folder.Path));
    }

    [Fact]
    public async Task Spool_FolderThatIsMissing_SaysWhatToChange()
    {
        var error = await Assert.ThrowsAsync<PermanentException>(
            () => new TemporaryFileSpool(99, _folder.At("missing")).SpoolAsync(new MemoryStream(), Token));

        Assert.Equal(ErrorCodes.StorageUnavailable, error.Code);
        Assert.Contains("TMPDIR", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Spool_ToAFullDisk_IsStorageFullAndLeavesNothing()
    {
        await using var disk = await SmallDisk.MountAsync(_folder.At("disk"), 1);

        var error = await Assert.ThrowsAsync<PermanentException>(
            () => new TemporaryFileSpool(folder: disk.Path).SpoolAsync(new MemoryStream(new byte[2 << 20]), Token));

        Assert.Equal(ErrorCodes.StorageFull, error.Code);
        Assert.Contains(disk.Path, error.Message, StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFileSystemEntries(disk.Path));
    }

    [Fact]
    public async Task Spool_Cancelled_LeavesNothing()
    {
        using var stop = new CancellationTokenSource();
        await stop.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => new TemporaryFileSpool(99, _folder.Path).SpoolAsync(new TrickleStream(new byte[9], new Random(1), 3), stop.Token));

        Assert.Empty(Directory.EnumerateFiles(_folder.Path));
    }
}
