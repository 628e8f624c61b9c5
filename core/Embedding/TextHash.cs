using System.Buffers;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;

namespace Quiver.Core.Embedding;

/// <summary>The hash of a text, as a cache key. Texts that differ only in lone surrogates have different hashes.</summary>
public static class TextHash
{
    /// <summary>SHA-256 of the UTF-8 form, or of the marked UTF-16 form where a lone surrogate has no UTF-8 form; 32 bytes.</summary>
    /// <param name="text">Any text.</param>
    public static byte[] Compute(string text)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(Encoding.UTF8.GetMaxByteCount(text.Length));
        try
        {
            var status = System.Text.Unicode.Utf8.FromUtf16(text, buffer, out _, out var length, replaceInvalidSequences: false);
            return status == OperationStatus.Done ? SHA256.HashData(buffer.AsSpan(0, length)) : HashUtf16(text);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>The hash of a list of texts in their order, as hexadecimal digits.</summary>
    internal static string OfAll(IEnumerable<string> texts)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var text in texts)
        {
            hash.AppendData(Compute(text));
        }

        return Convert.ToHexString(hash.GetHashAndReset());
    }

    private static byte[] HashUtf16(string text)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        // 0xFF never occurs in UTF-8.
        hash.AppendData([0xFF]);
        hash.AppendData(MemoryMarshal.AsBytes(text.AsSpan()));
        return hash.GetHashAndReset();
    }
}
