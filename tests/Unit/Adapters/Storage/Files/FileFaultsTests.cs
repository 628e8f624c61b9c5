using Quiver.Adapters.Storage.Files;
using Quiver.Tests.Support;

namespace Quiver.Tests.Unit.Adapters.Storage.Files;

public sealed class FileFaultsTests
{
    /// <summary>On Unix the HResult of an IOException is errno.</summary>
    public static TheoryData<Exception, string, FaultKind, string> Errors => new()
    {
        { new IOException("full", 28), ErrorCodes.StorageFull, FaultKind.Permanent, "the disk is full" },
        { new IOException("full", unchecked((int)0x80070070)), ErrorCodes.StorageFull, FaultKind.Permanent, "the disk is full" },
        { new IOException("quota", 122), ErrorCodes.StorageFull, FaultKind.Permanent, "quota" },
        { new IOException("read-only", 30), ErrorCodes.StorageUnavailable, FaultKind.Permanent, "read-only" },
        { new IOException("too many", 24), ErrorCodes.StorageUnavailable, FaultKind.Transient, "ulimit -n" },
        { new IOException("too many", 23), ErrorCodes.StorageUnavailable, FaultKind.Transient, "ulimit -n" },
        { OutOfRange("value"), ErrorCodes.StorageUnavailable, FaultKind.Permanent, "ulimit -f" },
        { new UnauthorizedAccessException("Access denied."), ErrorCodes.StorageUnavailable, FaultKind.Permanent, "Access denied. Check the disk and the file's permissions." },
        { new IOException("I/O error.", 5), ErrorCodes.StorageUnavailable, FaultKind.Permanent, "I/O error. Check the disk" },
    };

    [Theory]
    [MemberData(nameof(Errors))]
    public void Classify_EveryKind_NamesTheFileAndSaysWhatToDo(Exception error, string code, FaultKind kind, string words)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "The numbers are those of Unix.");
        Assert.True(FileFaults.IsOne(error));

        var fault = FileFaults.Classify(error, "/data/ledger.db");

        Assert.Equal((code, kind), (fault.Code, fault.Kind));
        Assert.StartsWith("/data/ledger.db ", fault.Message, StringComparison.Ordinal);
        Assert.Contains(words, fault.Message, StringComparison.Ordinal);
        Assert.Same(error, fault.InnerException);
    }

    [Fact]
    public void Classify_OfARealFullDevice_IsStorageFull()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Needs /dev/full.");
        using var file = File.OpenHandle("/dev/full", FileMode.Open, FileAccess.Write);

        var error = Assert.ThrowsAny<IOException>(() => RandomAccess.Write(file, new byte[10], 0));

        Assert.Equal(ErrorCodes.StorageFull, FileFaults.Classify(error, "/dev/full").Code);
    }

    [Fact]
    public void IsOne_OfAnotherError_IsFalse()
    {
        Assert.False(FileFaults.IsOne(new InvalidOperationException()));
        Assert.False(FileFaults.IsOne(OutOfRange("index")));
    }

    /// <summary>.NET names the argument "value" when a file would become too long.</summary>
    private static ArgumentOutOfRangeException OutOfRange(string argument) => new(argument, "It is too large.");

    [Fact]
    public async Task WriteProbe_OfARealDisk_NoticesThatItIsFullAndThatItIsFreeAgain()
    {
        using var folder = new TemporaryFolder();
        await using var disk = await SmallDisk.MountAsync(folder.At("disk"), 1);
        WriteProbe.Run(disk.Path);
        var filler = disk.Fill();

        var full = Assert.Throws<PermanentException>(() => WriteProbe.Run(disk.Path));
        var isFull = FileFaults.IsDiskFull(Path.Combine(disk.Path, "any"));
        File.Delete(filler);
        WriteProbe.Run(disk.Path);

        Assert.Equal((ErrorCodes.StorageFull, true, false), (full.Code, isFull, FileFaults.IsDiskFull(Path.Combine(disk.Path, "any"))));
        Assert.Empty(Directory.EnumerateFileSystemEntries(disk.Path));
    }
}
