using Quiver.Core.Sources;
using Quiver.GrainInterfaces.Workers;

namespace Quiver.Tests.Support;

/// <summary>Makes documents for tests.</summary>
internal static class DocumentSamples
{
    public const string Origin = "origin-a";

    public static Document Item(long ordinal, string id, string text = "text", string origin = Origin) =>
        new() { Ordinal = ordinal, Id = id, Origin = origin, Text = text, SourceBytes = text.Length };

    public static Document Fault(long ordinal, string id, string code, bool hidesOthers = false) =>
        new() { Ordinal = ordinal, Id = id, Origin = Origin, FaultCode = code, FaultReason = $"It is {code}.", HidesOthers = hidesOthers };

    public static SourceRecord Record(long ordinal, string? id = null, string text = "text") =>
        new(Item(ordinal, id ?? $"d{ordinal}", text), new SourceCursor(ordinal + 1, $"p{ordinal + 1}"));
}
