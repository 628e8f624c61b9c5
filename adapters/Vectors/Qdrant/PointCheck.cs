
using Quiver.Core.Vectors;

namespace Quiver.Adapters.Vectors.Qdrant;

/// <summary>What is refused before anything is sent, so that a request is stored whole or not at all.</summary>
internal static class PointCheck
{
    /// <summary>Refuses points of another scope and vectors that are of no use.</summary>
    /// <param name="points">The points.</param>
    /// <param name="scope">The scope that they must have.</param>
    /// <param name="dimensions">The collection's; null when it is not known here, and the server will tell.</param>
    public static void RequireUsable(IReadOnlyList<VectorPoint> points, CollectionKey scope, int? dimensions)
    {
        foreach (var point in points)
        {
            if (point.Payload.Scope != scope)
            {
                throw new ArgumentException($"Point {point.Id} is of {point.Payload.Scope}, not of {scope}.", nameof(points));
            }

            VectorRules.RequireUsable(point.Vector.Span, dimensions ?? points[0].Vector.Length);
        }
    }
}
