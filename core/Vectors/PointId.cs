using System.Buffers;
using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Quiver.Core.Vectors;

/// <summary>Ids of points: UUID version 5 (RFC 9562 §5.5) of tenant, collection, document and chunk. Writing a chunk again overwrites its point.</summary>
public static class PointId
{
    /// <summary>Quiver's namespace for point ids.</summary>
    public static Guid Namespace { get; } = new("6b1f3f9e-6f0a-4c8e-9a55-0d9c2f7b1e11");

    /// <summary>The id of a chunk's point.</summary>
    /// <param name="scope">The tenant's collection.</param>
    /// <param name="documentId">The document.</param>
    /// <param name="chunk">The chunk's 0-based number.</param>
    public static Guid Create(CollectionKey scope, string documentId, int chunk)
    {
        ArgumentNullException.ThrowIfNull(documentId);
        ArgumentOutOfRangeException.ThrowIfNegative(chunk);

        // Names cannot contain a line feed, and the number comes last with a fixed size: different inputs give different bytes.
        var name = $"{scope.Tenant}\n{scope.Collection}\n{documentId}";
        var length = 16 + Encoding.UTF8.GetMaxByteCount(name.Length) + 4;
        var buffer = ArrayPool<byte>.Shared.Rent(length);
        try
        {
            Namespace.TryWriteBytes(buffer, bigEndian: true, out _);
            var written = 16 + Encoding.UTF8.GetBytes(name, buffer.AsSpan(16));
            BinaryPrimitives.WriteInt32BigEndian(buffer.AsSpan(written), chunk);
            return FromName(buffer.AsSpan(0, written + 4));
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private static Guid FromName(ReadOnlySpan<byte> namespaceAndName)
    {
        Span<byte> hash = stackalloc byte[SHA1.HashSizeInBytes];
        SHA1.HashData(namespaceAndName, hash);
        hash[6] = (byte)((hash[6] & 0x0F) | 0x50);
        hash[8] = (byte)((hash[8] & 0x3F) | 0x80);
        return new Guid(hash[..16], bigEndian: true);
    }
}
