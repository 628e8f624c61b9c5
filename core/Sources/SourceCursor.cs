namespace Quiver.Core.Sources;

/// <summary>Where a source goes on: everything before it was yielded.</summary>
/// <param name="NextOrdinal">The ordinal of the next record.</param>
/// <param name="Position">The source's own notion of its place, opaque to everybody else; at most 8,192 characters.</param>
public sealed record SourceCursor(long NextOrdinal, string Position)
{
    /// <summary>The beginning.</summary>
    public static SourceCursor Start { get; } = new(0, "");
}
