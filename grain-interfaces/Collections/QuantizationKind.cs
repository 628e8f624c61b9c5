namespace Quiver.GrainInterfaces.Collections;

/// <summary>How a store keeps a smaller copy of its vectors for a first, rough comparison.</summary>
[GenerateSerializer, Alias("quiver.quantization-kind.v1")]
public enum QuantizationKind
{
    /// <summary>None.</summary>
    None = 1,

    /// <summary>A byte for each number.</summary>
    Scalar = 2,

    /// <summary>A bit for each number; for vectors of a thousand dimensions and more.</summary>
    Binary = 3,

    /// <summary>A byte for several numbers together, as many as the compression says.</summary>
    Product = 4,
}
