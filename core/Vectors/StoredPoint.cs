namespace Quiver.Core.Vectors;

/// <summary>A point as read back.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Payload">What stands beside the vector.</param>
/// <param name="Vector">Its vector; empty when it was not asked for.</param>
/// <param name="Score">Nearness to the query as the collection measures it, see <see cref="SearchHit.Score"/>; 0 outside of queries.</param>
public sealed record StoredPoint(Guid Id, PointPayload Payload, ReadOnlyMemory<float> Vector, float Score = 0);
