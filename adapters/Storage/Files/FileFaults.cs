namespace Quiver.Adapters.Storage.Files;

/// <summary>Classifies the errors of the files that Quiver writes: what happened, to which file, and what to do.</summary>
internal static class FileFaults
{
    // On Unix the HResult of an IOException is errno; the numbers of Linux and macOS differ in part.
    private const int NoSpace = 28;
    private const int QuotaOnLinux = 122;
    private const int QuotaOnMac = 69;
    private const int ReadOnlyFileSystem = 30;
    private const int TooManyOpenFiles = 24;
    private const int TooManyOpenFilesInSystem = 23;
    private const int WindowsDiskFull = unchecked((int)0x80070070);
    private const int WindowsHandleDiskFull = unchecked((int)0x80070027);
    private const int WindowsTooManyOpenFiles = unchecked((int)0x80070004);

    // Less than any write needs: an error of the operating system below it means that the disk is full.
    private const long NoFreeBytes = 64 << 10;

    /// <summary>Whether an exception comes from a file: the caller passes it to <see cref="Classify"/>.</summary>
    public static bool IsOne(Exception exception) => exception is IOException or UnauthorizedAccessException || IsTooLarge(exception);

    /// <summary>Classifies an error of a file.</summary>
    /// <param name="exception">The error.</param>
    /// <param name="path">The file or folder.</param>
    /// <param name="advice">What to do about an error of no special kind: a sentence.</param>
    public static QuiverException Classify(Exception exception, string path, string advice = "Check the disk and the file's permissions.") => exception switch
    {
        _ when IsTooLarge(exception) => TooLarge(path, exception),
        IOException { HResult: NoSpace or WindowsDiskFull or WindowsHandleDiskFull } => Full(path, exception),
        IOException { HResult: QuotaOnLinux or QuotaOnMac } when !OperatingSystem.IsWindows() => new PermanentException(
            ErrorCodes.StorageFull, $"{path} cannot be written: the disk quota is used up. Free space or raise the quota, then try again or resume the job.", exception),
        IOException { HResult: ReadOnlyFileSystem } when !OperatingSystem.IsWindows() => new PermanentException(
            ErrorCodes.StorageUnavailable,
            $"{path} cannot be written: its file system is read-only. Mount it for writing, or choose another data directory.",
            exception),
        _ when IsTooManyFiles(exception) => TooManyFiles(path, exception),
        _ => new PermanentException(ErrorCodes.StorageUnavailable, $"{path} cannot be used: {exception.Message} {advice}", exception),
    };

    /// <summary>The error of a full disk.</summary>
    public static PermanentException Full(string path, Exception exception) => new(
        ErrorCodes.StorageFull, $"{path} cannot be written: the disk is full. Free space, then try again or resume the job.", exception);

    /// <summary>Whether an error says that the process, or the system, may open no more files.</summary>
    public static bool IsTooManyFiles(Exception exception) =>
        exception is IOException { HResult: TooManyOpenFiles or TooManyOpenFilesInSystem or WindowsTooManyOpenFiles };

    /// <summary>The error of a process that may open no more files; others may be closed in a moment.</summary>
    public static TransientException TooManyFiles(string path, Exception exception) => new(
        ErrorCodes.StorageUnavailable,
        $"{path} cannot be opened: too many files are open. Raise the limit of open files (ulimit -n), or open fewer collections and sources at once.",
        exception);

    /// <summary>Whether the disk of a file has no free space. False when that cannot be found out.</summary>
    public static bool IsDiskFull(string path)
    {
        try
        {
            return new DriveInfo(Path.GetDirectoryName(Path.GetFullPath(path))!).AvailableFreeSpace < NoFreeBytes;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return false;
        }
    }

    /// <summary>Whether this process can open no more files.</summary>
    public static bool IsOutOfHandles()
    {
        try
        {
            // Not the file of the error: closing it would release the locks that SQLite holds on it.
            File.OpenHandle(Environment.ProcessPath!, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete).Dispose();
            return false;
        }
        catch (IOException exception)
        {
            return IsTooManyFiles(exception);
        }
    }

    /// <summary>.NET reports EFBIG, a file beyond what the file system or <c>ulimit -f</c> allows, as an argument out of range.</summary>
    private static bool IsTooLarge(Exception exception) => exception is ArgumentOutOfRangeException { ParamName: "value" };

    private static PermanentException TooLarge(string path, Exception exception) => new(
        ErrorCodes.StorageUnavailable,
        $"{path} cannot grow: the file system or the limit on the size of files (ulimit -f) does not allow it. Raise the limit, then try again or retry the job.",
        exception);
}
