namespace Quiver.Silo.DataDirectory;

/// <summary>Makes the directory where the data lie.</summary>
public static class QuiverDataDirectory
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    /// <summary>Creates a directory that is missing, readable by its owner only; one that exists is left as it is.</summary>
    /// <param name="path">An absolute path.</param>
    /// <exception cref="PermanentException">With <see cref="ErrorCodes.StorageUnavailable"/>.</exception>
    public static void Create(string path)
    {
        try
        {
            if (OperatingSystem.IsWindows())
            {
                Directory.CreateDirectory(path);
            }
            else if (!Directory.Exists(path))
            {
                Directory.CreateDirectory(path, OwnerOnly);
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new PermanentException(ErrorCodes.StorageUnavailable, $"The data directory '{path}' cannot be created: {exception.Message}", exception);
        }
    }
}
