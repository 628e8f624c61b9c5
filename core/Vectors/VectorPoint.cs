namespace Quiver.Core.Vectors;

/// <summary>A point to store.</summary>
/// <param name="Id">See <see cref="PointId"/>.</param>
/// <param name="Vector">As long as the collection's dimensions; finite, not all zero.</param>
/// <param name="Payload">What stands beside it.</param>
public sealed record VectorPoint(Guid Id, ReadOnlyMemory<float> Vector, PointPayload Payload);
