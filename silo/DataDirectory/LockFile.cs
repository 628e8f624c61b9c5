namespace Quiver.Silo.DataDirectory;

/// <summary>The file whose exclusive opening is the lock; its content says nothing.</summary>
internal static class LockFile
{
    private const string Name = "quiver.lock";

    // What the runtime reports for a file that is open exclusively: EWOULDBLOCK of Linux and macOS, and Windows' sharing violation.
    private const int WouldBlock = 11;
    private const int WouldBlockOnMac = 35;
    private const int SharingViolation = unchecked((int)0x80070020);

    // Who looks whether a directory is held shares the lock for an instant.
    private const int Attempts = 10;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    /// <summary>True when a process holds the lock. Several may look at once, also where nothing can be written.</summary>
    /// <exception cref="PermanentException">With <see cref="ErrorCodes.StorageUnavailable"/>: the file cannot be opened at all.</exception>
    public static bool IsHeld(string directory)
    {
        try
        {
            File.OpenHandle(Path.Combine(directory, Name), FileMode.Open, FileAccess.Read, FileShare.Read).Dispose();
            return false;
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            return false;
        }
        catch (IOException exception) when (IsConflict(exception))
        {
            return true;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw Unusable(directory, exception);
        }
    }

    /// <summary>True when this process may write the directory's files.</summary>
    public static bool IsWritable(string directory)
    {
        try
        {
            File.OpenHandle(Path.Combine(directory, Name), FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite).Dispose();
            return true;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    /// <summary>The lock; null when somebody else holds it.</summary>
    /// <exception cref="PermanentException">With <see cref="ErrorCodes.StorageUnavailable"/>: the file cannot be opened at all.</exception>
    public static async Task<FileStream?> TryTakeAsync(string directory, TimeProvider time, CancellationToken cancellationToken)
    {
        var path = Path.Combine(directory, Name);
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException exception) when (IsConflict(exception))
            {
                if (attempt == Attempts)
                {
                    return null;
                }
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                throw Unusable(directory, exception);
            }

            await Task.Delay(Pause, time, cancellationToken);
        }
    }

    private static bool IsConflict(IOException exception) => exception.HResult is WouldBlock or WouldBlockOnMac or SharingViolation;

    private static PermanentException Unusable(string directory, Exception exception) =>
        new(ErrorCodes.StorageUnavailable, $"The data directory '{directory}' cannot be used: {exception.Message}", exception);
}
