
using Quiver.Core.Vectors;

namespace Quiver.Adapters.Vectors.Embedded;

/// <summary>A point checked and in its stored form, made on the caller's thread so that the writing thread only writes.</summary>
/// <param name="Id">The id, big-endian: their order as bytes is the order of ids.</param>
/// <param name="Row">The vector as a row.</param>
/// <param name="Payload">What stands beside it.</param>
/// <param name="Metadata">The metadata's stored form.</param>
internal sealed record PreparedPoint(byte[] Id, float[] Row, PointPayload Payload, byte[]? Metadata)
{
    /// <exception cref="ArgumentException">The point is of another scope.</exception>
    /// <exception cref="PermanentException">The vector does not fit the collection.</exception>
    public static PreparedPoint Create(VectorPoint point, CollectionKey scope, FlatLayout layout) =>
        point.Payload.Scope == scope
            ? new(point.Id.ToByteArray(bigEndian: true), EmbeddingRow.Create(point.Vector.Span, layout), point.Payload, MetadataJson.Write(point.Payload.Metadata))
            : throw new ArgumentException($"Point {point.Id} belongs to {point.Payload.Scope}, not to {scope}.", nameof(point));
}
