namespace Quiver.GrainInterfaces.Workers;

/// <summary>
/// Where the cutting of a document goes on: what a chunker knows before it makes a chunk. A large document takes many calls, and none of
/// them cuts again what an earlier one did.
/// </summary>
[GenerateSerializer, Immutable, Alias("quiver.chunk-place.v1")]
public sealed record ChunkPlace
{
    /// <summary>The beginning of a document.</summary>
    public static ChunkPlace Start { get; } = new();

    /// <summary>The number of the next chunk, 0-based.</summary>
    [Id(0)]
    public int Number { get; init; }

    /// <summary>UTF-16 characters of the document that lie in chunks already.</summary>
    [Id(1)]
    public int Covered { get; init; }

    /// <summary>The character at which the next chunk begins to repeat the one before; negative for nowhere.</summary>
    [Id(2)]
    public int Overlap { get; init; } = -1;

    /// <summary>The first character of the chunk before.</summary>
    [Id(3)]
    public int LastStart { get; init; }

    /// <summary>The 1-based line of <see cref="LastStart"/>.</summary>
    [Id(4)]
    public int LastLine { get; init; } = 1;

    /// <summary>The characters per token seen so far, from which the next chunk's length is guessed.</summary>
    [Id(5)]
    public double CharactersPerToken { get; init; } = 4;
}
