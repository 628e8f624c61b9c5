namespace Quiver.GrainInterfaces.Collections;

/// <summary>A point as exported.</summary>
[GenerateSerializer, Immutable, Alias("quiver.exported-point.v1")]
public sealed record ExportedPoint
{
    /// <summary>The point's id.</summary>
    [Id(0)]
    public required Guid Id { get; init; }

    /// <summary>Its vector.</summary>
    [Id(1)]
    public required ImmutableArray<float> Vector { get; init; }

    /// <summary>Its payload: a JSON object, members in the order stored.</summary>
    [Id(2)]
    public required string PayloadJson { get; init; }
}
