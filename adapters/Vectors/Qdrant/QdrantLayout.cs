using Quiver.Core.Vectors;
using Wire = Qdrant.Client.Grpc;

namespace Quiver.Adapters.Vectors.Qdrant;

/// <summary>The layout of points in a Qdrant collection.</summary>
internal static class QdrantLayout
{
    /// <summary>The vector's name; a named vector allows the vectors of another model to be added.</summary>
    public const string Vector = "dense";

    /// <summary>How the names of Quiver's physical collections start.</summary>
    public const string NamePrefix = "quiver_";

    /// <summary>Quiver's member of a collection's metadata.</summary>
    public const string Metadata = "quiver";

    /// <summary>The payload indexes, created before the first point.</summary>
    public static ImmutableArray<PayloadIndex> Indexes { get; } =
    [
        new(PayloadFields.Tenant, Wire.PayloadSchemaType.Keyword, IsTenant: true),
        new(PayloadFields.Collection, Wire.PayloadSchemaType.Keyword),
        new(PayloadFields.DocumentId, Wire.PayloadSchemaType.Keyword),
        new(PayloadFields.Generation, Wire.PayloadSchemaType.Integer),
        new(PayloadFields.Epoch, Wire.PayloadSchemaType.Integer),
        new(PayloadFields.IndexedAt, Wire.PayloadSchemaType.Datetime),
    ];

    /// <summary>The path of a physical collection in the server's REST API, for messages.</summary>
    public static string RestPath(string physicalCollection) => $"/collections/{Uri.EscapeDataString(physicalCollection)}";
}

/// <summary>A payload index.</summary>
/// <param name="Field">The payload field.</param>
/// <param name="Type">The type of its values.</param>
/// <param name="IsTenant">Whether the server stores points with the same value together.</param>
internal sealed record PayloadIndex(string Field, Wire.PayloadSchemaType Type, bool IsTenant = false)
{
    /// <summary>The type, for display.</summary>
    public string Kind => IsTenant ? $"{NameOf(Type)} with is_tenant" : NameOf(Type);

    /// <summary>The type in requests, whose numbers are other ones than in answers.</summary>
    public Wire.FieldType FieldType => Type switch
    {
        Wire.PayloadSchemaType.Keyword => Wire.FieldType.Keyword,
        Wire.PayloadSchemaType.Integer => Wire.FieldType.Integer,
        Wire.PayloadSchemaType.Datetime => Wire.FieldType.Datetime,
        _ => throw new InvalidOperationException($"No payload index of type {Type} is created."),
    };

    private static string NameOf(Wire.PayloadSchemaType type) => type.ToString() is var name && name.Length > 0 ? char.ToLowerInvariant(name[0]) + name[1..] : "";
}
