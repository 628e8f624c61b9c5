using Quiver.Adapters.Storage.Files;

namespace Quiver.Silo.DataDirectory;

/// <summary>The lock of a data directory: a file that is open exclusively. It has no content.</summary>
internal static class LockFile
{
    // What the runtime reports for a file that is open exclusively: EWOULDBLOCK of Linux and macOS, and Windows' sharing violation.
    private const int WouldBlock = 11;
    private const int WouldBlockOnMac = 35;
    private const int SharingViolation = unchecked((int)0x80070020);

    // A process that checks whether the directory is held shares the lock for an instant.
    private const int Attempts = 10;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    /// <summary>True when a process holds the lock. Several processes may check at once, also in a read-only directory.</summary>
    /// <exception cref="PermanentException">With <see cref="ErrorCodes.StorageUnavailable"/>: the file cannot be opened at all.</exception>
    public static bool IsHeld(DataDirectoryFiles files)
    {
        try
        {
            File.OpenHandle(files.Lock, FileMode.Open, FileAccess.Read, FileShare.Read).Dispose();
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
            throw Unusable(files, exception);
        }
    }

    /// <summary>True when this process may write the directory's files.</summary>
    public static bool IsWritable(DataDirectoryFiles files)
    {
        try
        {
            File.OpenHandle(files.Lock, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite).Dispose();
            return true;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    /// <summary>The lock; null when another process holds it.</summary>
    /// <exception cref="PermanentException">With <see cref="ErrorCodes.StorageUnavailable"/>: the file cannot be opened at all.</exception>
    public static async Task<FileStream?> TryTakeAsync(DataDirectoryFiles files, TimeProvider time, CancellationToken cancellationToken)
    {
        for (var attempt = 1; attempt <= Attempts; attempt++)
        {
            try
            {
                var file = new FileStream(files.Lock, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
                if (attempt == Attempts || IsHeld(files))
                {
                    return file;
                }

                // The file was removed with an unused directory between its opening and its locking: a lock without a name protects nothing.
                await file.DisposeAsync();
            }
            catch (DirectoryNotFoundException)
            {
                // Another process removed the directory, which it had created and not used.
                files.Create();
            }
            catch (IOException exception) when (IsConflict(exception))
            {
                // Another process holds the lock, or checks it.
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                throw Unusable(files, exception);
            }

            await Task.Delay(Pause, time, cancellationToken);
        }

        return null;
    }

    private static bool IsConflict(IOException exception) => exception.HResult is WouldBlock or WouldBlockOnMac or SharingViolation;

    private static QuiverException Unusable(DataDirectoryFiles files, Exception exception) =>
        FileFaults.Classify(exception, $"The data directory '{files.Directory}'", "Correct its permissions, or name another directory with --data.");
}
