
using Quiver.Core.Vectors;

namespace Quiver.Adapters.Vectors.Qdrant;

/// <summary>How points lie in a Qdrant collection.</summary>
internal static class QdrantLayout
{
    /// <summary>The vector's name: with a name of its own, another model's vector can be added beside it.</summary>
    public const string Vector = "dense";

    /// <summary>The member of a collection's metadata that is Quiver's.</summary>
    public const string Metadata = "quiver";

    /// <summary>The payload indexes, all of them there before the first point.</summary>
    public static ImmutableArray<PayloadIndex> Indexes { get; } =
    [
        new(PayloadFields.Tenant, "keyword", IsTenant: true),
        new(PayloadFields.Collection, "keyword"),
        new(PayloadFields.DocumentId, "keyword"),
        new(PayloadFields.Generation, "integer"),
        new(PayloadFields.Epoch, "integer"),
        new(PayloadFields.IndexedAt, "datetime"),
    ];

    /// <summary>The address of a physical collection.</summary>
    public static string Path(string physicalCollection) => $"/collections/{Uri.EscapeDataString(physicalCollection)}";
}
