namespace Quiver.GrainInterfaces.Collections;

/// <summary>How the nearness of two vectors is measured.</summary>
[GenerateSerializer, Alias("quiver.vector-distance.v1")]
public enum VectorDistance
{
    /// <summary>The cosine of the angle between them; the higher, the nearer. Vectors are stored with length 1.</summary>
    Cosine = 1,

    /// <summary>The dot product; the higher, the nearer.</summary>
    Dot = 2,

    /// <summary>The Euclidean distance; the lower, the nearer.</summary>
    Euclid = 3,

    /// <summary>The sum of the differences; the lower, the nearer.</summary>
    Manhattan = 4,
}
