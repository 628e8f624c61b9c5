using System.Buffers;
using System.Text;

namespace Quiver.GrainInterfaces.Errors;

/// <summary>Finds what is wrong in bytes that are not UTF-8.</summary>
public static class Utf8Faults
{
    /// <summary>Finds the first byte that does not belong to a character.</summary>
    /// <param name="bytes">The bytes.</param>
    /// <returns>Its offset, the length when all belong to one; and whether the bytes end within a character there.</returns>
    public static (int At, bool IsCut) Find(ReadOnlySpan<byte> bytes)
    {
        var at = 0;
        while (at < bytes.Length)
        {
            var status = Rune.DecodeFromUtf8(bytes[at..], out _, out var length);
            if (status != OperationStatus.Done)
            {
                return (at, status == OperationStatus.NeedMoreData);
            }

            at += length;
        }

        return (at, false);
    }
}
