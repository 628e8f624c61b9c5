using Quiver.Core.Vectors;

namespace Quiver.Adapters.Vectors.Qdrant;

/// <summary>The layout of points in a Qdrant collection.</summary>
internal static class QdrantLayout
{
    /// <summary>The vector's name; a named vector allows the vectors of another model to be added.</summary>
    public const string Vector = "dense";

    /// <summary>Quiver's member of a collection's metadata.</summary>
    public const string Metadata = "quiver";

    /// <summary>The payload indexes, created before the first point.</summary>
    public static ImmutableArray<PayloadIndex> Indexes { get; } =
    [
        new(PayloadFields.Tenant, "keyword", IsTenant: true),
        new(PayloadFields.Collection, "keyword"),
        new(PayloadFields.DocumentId, "keyword"),
        new(PayloadFields.Generation, "integer"),
        new(PayloadFields.Epoch, "integer"),
        new(PayloadFields.IndexedAt, "datetime"),
    ];

    /// <summary>The path of a physical collection.</summary>
    public static string Path(string physicalCollection) => $"/collections/{Uri.EscapeDataString(physicalCollection)}";
}

/// <summary>A payload index.</summary>
/// <param name="Field">The payload field.</param>
/// <param name="Type">The server's name of the value type.</param>
/// <param name="IsTenant">Whether the server stores points with the same value together.</param>
internal sealed record PayloadIndex(string Field, string Type, bool IsTenant = false)
{
    /// <summary>The type, for display.</summary>
    public string Kind => IsTenant ? $"{Type} with is_tenant" : Type;
}
