using System.Buffers;
using System.Security.Cryptography;
using Microsoft.Win32.SafeHandles;

namespace Quiver.Adapters.Sources.Files;

/// <summary>A short hash of the bytes just before a place in a file, by which a file that only grew is told from another one.</summary>
internal static class FileTail
{
    private const int MaxBytes = 4_096;
    private const int HashBytes = 8;

    /// <summary>The hash of at most 4 KiB before <paramref name="offset"/>, 16 digits; null when they are not there or cannot be read.</summary>
    public static async Task<string?> ReadAsync(SafeFileHandle file, long offset, CancellationToken cancellationToken)
    {
        var length = (int)Math.Clamp(offset, 0, MaxBytes);
        var buffer = ArrayPool<byte>.Shared.Rent(MaxBytes);
        try
        {
            var filled = 0;
            while (filled < length)
            {
                var read = await RandomAccess.ReadAsync(file, buffer.AsMemory(filled, length - filled), offset - length + filled, cancellationToken);
                if (read == 0)
                {
                    return null;
                }

                filled += read;
            }

            return Convert.ToHexStringLower(SHA256.HashData(buffer.AsSpan(0, length))[..HashBytes]);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Without the hash the file is read from its beginning; whether it can be read at all shows there.
            return null;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
