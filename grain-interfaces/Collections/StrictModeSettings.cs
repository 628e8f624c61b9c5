namespace Quiver.GrainInterfaces.Collections;

/// <summary>What a store refuses, for the sake of the others on it. Null members are left to the store.</summary>
[GenerateSerializer, Immutable, Alias("quiver.strict-mode-settings.v1")]
public sealed record StrictModeSettings
{
    /// <summary>Whether the limits count.</summary>
    [Id(0)]
    public bool? Enabled { get; init; }

    /// <summary>The most hits of a query, 1,000 to 1,000,000: pages of Quiver have up to 1,000.</summary>
    [Id(1)]
    public int? MaxQueryLimit { get; init; }

    /// <summary>The most points of an upsert, 256 to 1,000,000: requests of Quiver have up to 256.</summary>
    [Id(2)]
    public int? MaxUpsertPoints { get; init; }

    /// <summary>The most points, 1 to 10¹².</summary>
    [Id(3)]
    public long? MaxPoints { get; init; }

    /// <summary>The most bytes of vectors, 1 to 10¹⁵.</summary>
    [Id(4)]
    public long? MaxVectorBytes { get; init; }

    /// <summary>Reads a minute and replica, 1 to 1,000,000,000.</summary>
    [Id(5)]
    public int? ReadsPerMinute { get; init; }

    /// <summary>Writes a minute and replica, 1 to 1,000,000,000.</summary>
    [Id(6)]
    public int? WritesPerMinute { get; init; }
}
