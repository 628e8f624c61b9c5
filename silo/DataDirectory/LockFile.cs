namespace Quiver.Silo.DataDirectory;

/// <summary>The file whose exclusive opening is the lock; its content says nothing.</summary>
internal static class LockFile
{
    private const string Name = "quiver.lock";

    // What the runtime reports for a file that is open exclusively: EWOULDBLOCK of Linux and macOS, and Windows' sharing violation.
    private const int WouldBlock = 11;
    private const int WouldBlockOnMac = 35;
    private const int SharingViolation = unchecked((int)0x80070020);

    // Whoever looks whether a directory is held takes the lock for an instant; several may look at once.
    private const int Attempts = 10;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    public static bool Exists(string directory) => File.Exists(Path.Combine(directory, Name));

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
            catch (IOException exception) when (exception.HResult is WouldBlock or WouldBlockOnMac or SharingViolation)
            {
                if (attempt == Attempts)
                    return null;
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                throw new PermanentException(ErrorCodes.StorageUnavailable, $"The data directory '{directory}' cannot be used: {exception.Message}", exception);
            }

            await Task.Delay(Pause, time, cancellationToken);
        }
    }
}
