using Quiver.GrainInterfaces.Workers;
using Quiver.Pipeline.Sources;

namespace Quiver.Pipeline.Jobs;

/// <summary>Documents that travel together.</summary>
/// <param name="Items">By ordinal, at least one.</param>
/// <param name="Next">The cursor behind the last.</param>
internal sealed record SourceBatch(ImmutableArray<DocumentItem> Items, SourceCursor Next);
