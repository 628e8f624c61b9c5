using Quiver.Core.Sources;
using Quiver.GrainInterfaces.Workers;

namespace Quiver.Core.Jobs;

/// <summary>Documents that travel together.</summary>
/// <param name="Items">By ordinal, at least one.</param>
/// <param name="Next">The cursor behind the last.</param>
internal sealed record SourceBatch(ImmutableArray<DocumentItem> Items, SourceCursor Next);
