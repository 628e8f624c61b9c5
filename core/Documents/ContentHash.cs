using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Quiver.Core.Formats;
using Quiver.GrainInterfaces.Workers;

namespace Quiver.Core.Documents;

/// <summary>
/// Hashes everything that decides whether a document must be stored again: its text and fields, the model, and the chunking. The record's line number
/// is left out: otherwise inserting or removing a record would change every later document.
/// </summary>
internal static class ContentHash
{
    /// <summary>Raised when chunking changes its results for the same input, so that documents are chunked again.</summary>
    private const int ChunkerRevision = 1;

    /// <summary>Returns SHA-256, 32 bytes.</summary>
    public static byte[] Compute(Document document, string modelId, int maxTokens, int overlapTokens)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Span<byte> numbers = stackalloc byte[16];
        BinaryPrimitives.WriteInt32LittleEndian(numbers, ChunkerRevision);
        BinaryPrimitives.WriteInt32LittleEndian(numbers[4..], maxTokens);
        BinaryPrimitives.WriteInt32LittleEndian(numbers[8..], overlapTokens);
        BinaryPrimitives.WriteInt32LittleEndian(numbers[12..], (int)document.Format);
        hash.AppendData(numbers);
        Append(hash, modelId);
        Append(hash, document.Text);
        var fields = document.Metadata.Where(static field => field.Key != RecordConstants.LineField).OrderBy(static field => field.Key, StringComparer.Ordinal);
        foreach (var (key, value) in fields)
        {
            Append(hash, key);
            Append(hash, value);
        }

        return hash.GetHashAndReset();
    }

    /// <summary>Length before content keeps sequences of strings unambiguous. Hashes raw UTF-16, so lone surrogates stay distinct.</summary>
    private static void Append(IncrementalHash hash, string value)
    {
        Span<byte> length = stackalloc byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(length, value.Length);
        hash.AppendData(length);
        hash.AppendData(MemoryMarshal.AsBytes(value.AsSpan()));
    }
}
