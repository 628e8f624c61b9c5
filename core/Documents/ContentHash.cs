using System.Buffers.Binary;
using System.Security.Cryptography;
using Quiver.Core.Formats;
using Quiver.GrainInterfaces.Workers;

namespace Quiver.Core.Documents;

/// <summary>
/// What decides whether a document must be stored again: its text and fields, the model, and how it is cut. Its line is no content: a record
/// put in or taken out above it would make every later one a changed document.
/// </summary>
internal static class ContentHash
{
    /// <summary>Raised whenever chunking changes its results for the same input, so that documents are cut again.</summary>
    private const int ChunkerRevision = 1;

    /// <summary>SHA-256, 32 bytes.</summary>
    public static byte[] Compute(DocumentItem item, string modelId, int maxTokens, int overlapTokens)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Span<byte> numbers = stackalloc byte[16];
        BinaryPrimitives.WriteInt32LittleEndian(numbers, ChunkerRevision);
        BinaryPrimitives.WriteInt32LittleEndian(numbers[4..], maxTokens);
        BinaryPrimitives.WriteInt32LittleEndian(numbers[8..], overlapTokens);
        BinaryPrimitives.WriteInt32LittleEndian(numbers[12..], (int)item.Format);
        hash.AppendData(numbers);
        Append(hash, modelId);
        Append(hash, item.Text);
        foreach (var (key, value) in item.Metadata.Where(static field => field.Key != RecordConstants.LineField).OrderBy(field => field.Key, StringComparer.Ordinal))
        {
            Append(hash, key);
            Append(hash, value);
        }

        return hash.GetHashAndReset();
    }

    /// <summary>Length before content, so that no two sequences of strings look the same. UTF-16 as it is: lone surrogates must not coincide.</summary>
    private static void Append(IncrementalHash hash, string value)
    {
        Span<byte> length = stackalloc byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(length, value.Length);
        hash.AppendData(length);
        hash.AppendData(System.Runtime.InteropServices.MemoryMarshal.AsBytes(value.AsSpan()));
    }
}
