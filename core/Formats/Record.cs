namespace Quiver.Core.Formats;

/// <summary>A record of a file: a document, or the reason why there is none.</summary>
public sealed record Record
{
    /// <summary>The record's 0-based index in the file.</summary>
    public required long Index { get; init; }

    /// <summary>The 1-based number of its first line.</summary>
    public required long Line { get; init; }

    /// <summary>The offset of its first byte.</summary>
    public required long Offset { get; init; }

    /// <summary>Its size in bytes.</summary>
    public required long Bytes { get; init; }

    /// <summary>The cursor after the record: reading resumes there.</summary>
    public required RecordCursor Next { get; init; }

    /// <summary>True when the record is the whole file, so that its id needs no index.</summary>
    public bool IsWholeFile { get; init; }

    /// <summary>True for a line of JSON Lines, whose line number identifies it to a reader.</summary>
    public bool IsLine { get; init; }

    /// <summary>The id from the record's own field; null when ids are derived from the file and the index.</summary>
    public string? ExplicitId { get; init; }

    /// <summary>The record's text; empty when there is a fault.</summary>
    public string Text { get; init; } = "";

    /// <summary>The first UTF-16 character of <see cref="Text"/> to store; what is before it, such as front matter, is not. Default: 0.</summary>
    public int TextStart { get; init; }

    /// <summary>The other fields in their order, at most <see cref="RecordConstants.MaxFields"/>; of equal names the last one counts.</summary>
    public ImmutableArray<KeyValuePair<string, string>> Fields { get; init; } = [];

    /// <summary>Why the record is no document; null when it is one.</summary>
    public RecordFault? Fault { get; init; }

    /// <summary>The record that is the whole file.</summary>
    internal static Record WholeFile(long bytes) =>
        new() { Index = 0, Line = 1, Offset = 0, Bytes = bytes, Next = new(bytes, 1, 1, RecordState.End), IsWholeFile = true };

    /// <summary>This record as a fault.</summary>
    internal Record WithFault(string code, string reason, bool hidesOthers = false) =>
        this with { Fault = new(code, $"{Place}{reason}.", hidesOthers) };

    /// <summary>This record as one of many that exceeds the size limit.</summary>
    internal Record TooLarge(long bytes, int maxBytes) => WithFault(
        ErrorCodes.DocumentTooLarge, FormattableString.Invariant($"the record has {bytes} bytes; at most {maxBytes} are allowed: raise --max-document-bytes (in JSON source.maxDocumentBytes), or split it"), hidesOthers: true);

    // A JSON file may be one long line, where only the offset leads to an element.
    private string Place => IsWholeFile ? "" : IsLine
        ? FormattableString.Invariant($"Line {Line}: ")
        : FormattableString.Invariant($"Line {Line}, from byte {Offset} of the file: ");
}

/// <summary>Why a record is no document.</summary>
/// <param name="Code">A code of <see cref="ErrorCodes"/>.</param>
/// <param name="Reason">One sentence that names the place in the file.</param>
/// <param name="HidesOthers">
/// True when the fault may hide documents that the record's id does not name; see <see cref="GrainInterfaces.Workers.Document.HidesOthers"/>.
/// </param>
public sealed record RecordFault(string Code, string Reason, bool HidesOthers = false);

/// <summary>A position between two records of a file, from which a reader resumes without the bytes before it.</summary>
/// <param name="Offset">Bytes before it, byte order mark included.</param>
/// <param name="Index">The 0-based index of the next record in the file.</param>
/// <param name="Line">The 1-based line of the byte at <paramref name="Offset"/>.</param>
/// <param name="State">What the reader expects next.</param>
public readonly record struct RecordCursor(long Offset, long Index, long Line, RecordState State = RecordState.Between)
{
    /// <summary>The beginning of a file.</summary>
    public static RecordCursor Start { get; } = new(0, 0, 1);

    /// <summary>Whether nothing of the file was read yet.</summary>
    public bool IsStart => Offset == 0 && Index == 0;
}

/// <summary>What a reader expects next, where offset and index alone do not determine it.</summary>
public enum RecordState
{
    /// <summary>A record, or the separator in front of it.</summary>
    Between = 1,

    /// <summary>An element of a JSON array: the separator was read.</summary>
    ValueExpected = 2,

    /// <summary>The end of a JSON file: its only or last value was read.</summary>
    Tail = 3,

    /// <summary>Nothing: everything in the file was read.</summary>
    End = 4,
}
