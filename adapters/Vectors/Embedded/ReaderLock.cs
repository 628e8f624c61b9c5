using Microsoft.Win32.SafeHandles;
using Quiver.Adapters.Storage.Files;

namespace Quiver.Adapters.Vectors.Embedded;

/// <summary>
/// A lock file that other processes hold while they read vectors. The writer checks it before it reuses slots that a commit emptied: a read
/// that starts after the check sees that commit.
/// </summary>
internal sealed class ReaderLock(string folder)
{
    private const int MaxAttempts = 1000;

    private readonly string _path = Path.Combine(folder, "readers.lock");

    /// <summary>For the writer: creates the file.</summary>
    /// <exception cref="QuiverException">See <see cref="FileFaults.Classify"/>.</exception>
    public void Create()
    {
        try
        {
            File.OpenHandle(_path, FileMode.OpenOrCreate, FileAccess.Read, FileShare.ReadWrite).Dispose();
        }
        catch (Exception exception) when (FileFaults.IsOne(exception))
        {
            throw FileFaults.Classify(exception, _path);
        }
    }

    /// <summary>For the writer: true when no other process is reading.</summary>
    public bool IsFree()
    {
        try
        {
            File.OpenHandle(_path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None).Dispose();
            return true;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    /// <summary>For a reader: keeps the writer from reusing slots until the result is disposed.</summary>
    /// <returns>Null when no writer has created the file yet.</returns>
    /// <exception cref="TransientException">The writer held the file at every attempt.</exception>
    /// <exception cref="PermanentException">With <see cref="ErrorCodes.StorageUnavailable"/>: this user may not read the file.</exception>
    public IDisposable? Share()
    {
        var wait = default(SpinWait);
        for (var attempt = 1; attempt < MaxAttempts; attempt++)
        {
            try
            {
                return Hold();
            }
            catch (IOException)
            {
                // The writer holds the file during its check.
                wait.SpinOnce();
            }
        }

        try
        {
            return Hold();
        }
        catch (IOException exception)
        {
            throw new TransientException(ErrorCodes.StorageUnavailable, $"{_path} cannot be locked: {exception.Message} Try again.", exception);
        }
    }

    /// <summary>For a reader without a lock: false when a writer has created the file since.</summary>
    public bool IsMissing() => !File.Exists(_path);

    private SafeFileHandle? Hold()
    {
        try
        {
            return File.OpenHandle(_path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
        catch (UnauthorizedAccessException exception)
        {
            throw new PermanentException(ErrorCodes.StorageUnavailable, $"{_path} cannot be opened: {exception.Message}", exception);
        }
    }
}
