namespace Quiver.Silo.Vectors;

/// <summary>Where points are.</summary>
public enum VectorStoreKind
{
    /// <summary>In the data directory, in the embedded exact index.</summary>
    Embedded = 1,

    /// <summary>On a Qdrant server.</summary>
    Qdrant = 2,
}
