using Microsoft.Win32.SafeHandles;

namespace Quiver.Adapters.Vectors.Embedded;

/// <summary>
/// A file beside the vectors that other processes hold while they read them. The writer fills slots again that a commit emptied, and asks
/// before it does: who begins to read after its question sees that commit.
/// </summary>
internal sealed class ReaderLock(string folder)
{
    private const int MaxAttempts = 1000;

    private readonly string _path = Path.Combine(folder, "readers.lock");

    /// <summary>For the writer: makes the file.</summary>
    public void Create() => File.OpenHandle(_path, FileMode.OpenOrCreate, FileAccess.Read, FileShare.ReadWrite).Dispose();

    /// <summary>For the writer: true when no other process reads at this moment.</summary>
    public bool IsFree()
    {
        try
        {
            File.OpenHandle(_path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None).Dispose();
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    /// <summary>For a reader: keeps slots from being filled again until the result is disposed.</summary>
    /// <returns>Null where there is no such file, because no writer has made it yet.</returns>
    /// <exception cref="TransientException">The writer asks all the time.</exception>
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
                // The writer holds the file for the moment of its question.
                wait.SpinOnce();
            }
        }

        try
        {
            return Hold();
        }
        catch (IOException e)
        {
            throw new TransientException(ErrorCodes.StorageUnavailable, $"{_path} cannot be held: {e.Message} Try again.", e);
        }
    }

    /// <summary>For a reader without a lock: false when a writer has come that does not know of it.</summary>
    public bool IsMissing() => !File.Exists(_path);

    private SafeFileHandle? Hold()
    {
        try
        {
            return File.OpenHandle(_path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
        catch (UnauthorizedAccessException e)
        {
            throw new PermanentException(ErrorCodes.StorageUnavailable, $"{_path} cannot be opened: {e.Message}", e);
        }
    }
}
