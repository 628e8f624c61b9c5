using System.Security.Cryptography;

namespace Quiver.Adapters.Artifacts;

/// <summary>The secret that signs links: a file that only its owner can read, created on first use.</summary>
internal static class ArtifactKey
{
    private const int Bytes = 32;
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <exception cref="PermanentException">With <see cref="ErrorCodes.StorageUnavailable"/>.</exception>
    public static byte[] LoadOrCreate(string path)
    {
        try
        {
            if (File.Exists(path) && File.ReadAllBytes(path) is { Length: Bytes } known)
            {
                return known;
            }

            var key = RandomNumberGenerator.GetBytes(Bytes);
            var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
            if (!OperatingSystem.IsWindows())
            {
                options.UnixCreateMode = OwnerOnly;
            }

            using var file = new FileStream(path, options);
            file.Write(key);
            return key;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new PermanentException(
                ErrorCodes.StorageUnavailable, $"The key for links to artifacts, '{path}', cannot be read or written: {exception.Message} Check its permissions and those of its folder.", exception);
        }
    }
}
