using System.Security.Cryptography;

namespace Quiver.Adapters.Artifacts;

/// <summary>The secret that links are signed with: a file that only its owner may read, made when it is first needed.</summary>
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
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new PermanentException(ErrorCodes.StorageUnavailable, $"The key for links to artifacts, '{path}', cannot be kept: {e.Message}", e);
        }
    }
}
