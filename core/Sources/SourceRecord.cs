using Quiver.GrainInterfaces.Workers;

namespace Quiver.Core.Sources;

/// <summary>A record of a source and where to go on behind it.</summary>
/// <param name="Item">The document, or the fault in its place.</param>
/// <param name="Next">The cursor behind the record.</param>
public readonly record struct SourceRecord(Document Item, SourceCursor Next);
