using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Quiver.Core.Chunking;
using Quiver.Core.Formats;
using Quiver.GrainInterfaces.Workers;

namespace Quiver.Core.Documents;

/// <summary>
/// Hashes everything that decides whether a document must be stored again: its text and fields, the model, and the chunking. The record's line number
/// is left out: otherwise inserting or removing a record would change every later document.
/// </summary>
internal static class ContentHash
{
    /// <summary>
    /// Raised when chunking changes its results for the same input so much that documents are to be chunked again. The first revision stays for
    /// collections that embed no context: a new version of Quiver does not embed them again.
    /// </summary>
    private const int FirstRevision = 1;

    private const int Revision = 2;

    /// <summary>Returns SHA-256, 32 bytes.</summary>
    /// <param name="document">The document; its title follows from what is hashed.</param>
    /// <param name="modelId">The model.</param>
    /// <param name="options">How it is chunked.</param>
    public static byte[] Compute(Document document, string modelId, ChunkingOptions options)
    {
        var isFirst = options is { EmbedContext: false, Strategy: ChunkingStrategy.Structure };
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Span<byte> numbers = stackalloc byte[24];
        BinaryPrimitives.WriteInt32LittleEndian(numbers, isFirst ? FirstRevision : Revision);
        BinaryPrimitives.WriteInt32LittleEndian(numbers[4..], options.MaxTokens);
        BinaryPrimitives.WriteInt32LittleEndian(numbers[8..], options.OverlapTokens);
        BinaryPrimitives.WriteInt32LittleEndian(numbers[12..], (int)document.Format);
        BinaryPrimitives.WriteInt32LittleEndian(numbers[16..], options.EmbedContext ? 1 : 0);
        BinaryPrimitives.WriteInt32LittleEndian(numbers[20..], (int)options.Strategy);
        hash.AppendData(isFirst ? numbers[..16] : numbers);
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
