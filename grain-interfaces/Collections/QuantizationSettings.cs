namespace Quiver.GrainInterfaces.Collections;

/// <summary>The smaller copy of the vectors.</summary>
[GenerateSerializer, Immutable, Alias("quiver.quantization-settings.v1")]
public sealed record QuantizationSettings
{
    /// <summary>What kind. Default: <see cref="QuantizationKind.Scalar"/>.</summary>
    [Id(0)]
    public QuantizationKind Kind { get; init; } = QuantizationKind.Scalar;

    /// <summary>Whether the copy stays in memory; null leaves it to the store.</summary>
    [Id(1)]
    public bool? AlwaysInMemory { get; init; }

    /// <summary>For <see cref="QuantizationKind.Scalar"/>: the part of the values that is not cut off, 0.5 to 1; null leaves it to the store.</summary>
    [Id(2)]
    public double? Quantile { get; init; }

    /// <summary>For <see cref="QuantizationKind.Product"/>: how many times smaller, one of 4, 8, 16, 32, 64. Default: 16.</summary>
    [Id(3)]
    public int? Compression { get; init; }
}
