using System.Text.Json.Nodes;

namespace Quiver.Tests.Support.Qdrant;

/// <summary>A point as the stand-in keeps it.</summary>
internal sealed record StandInPoint(Guid Id, float[] Vector, JsonObject Payload)
{
    /// <summary>Ids compare as the server's do: by their bytes, the first ones first.</summary>
    public static Comparer<Guid> IdOrder { get; } = Comparer<Guid>.Create(
        static (first, second) => first.ToByteArray(bigEndian: true).AsSpan().SequenceCompareTo(second.ToByteArray(bigEndian: true)));
}
