namespace Quiver.Core.Formats;

/// <summary>A place between two records of a file, enough to go on from without reading what came before.</summary>
/// <param name="Offset">Bytes before it, byte order mark included.</param>
/// <param name="Index">The 0-based index of the next record in the file.</param>
/// <param name="Line">The 1-based line that the byte at <paramref name="Offset"/> lies in.</param>
/// <param name="State">What the reader stands before.</param>
public readonly record struct RecordPosition(long Offset, long Index, long Line, RecordState State = RecordState.Between)
{
    /// <summary>The beginning of a file.</summary>
    public static RecordPosition Start { get; } = new(0, 0, 1);

    /// <summary>Whether nothing of the file was read yet.</summary>
    public bool IsStart => Offset == 0 && Index == 0;
}
