namespace Quiver.Core.Formats;

/// <summary>Where a record lies in its file.</summary>
/// <param name="Index">Its 0-based index.</param>
/// <param name="Line">Its 1-based first line.</param>
/// <param name="Offset">Its first byte.</param>
/// <param name="Bytes">The bytes that it takes.</param>
/// <param name="Next">Where to go on behind it.</param>
internal readonly record struct RecordSpan(long Index, long Line, long Offset, long Bytes, RecordPosition Next)
{
    /// <summary>The record there.</summary>
    public FormatRecord Document(in ParsedRecord parsed, bool isLine = false, bool isWholeFile = false) => new()
    {
        Index = Index,
        Line = Line,
        Offset = Offset,
        Bytes = Bytes,
        Next = Next,
        IsLine = isLine,
        IsWholeFile = isWholeFile,
        ExplicitId = parsed.Id,
        Text = parsed.Text,
        Fields = parsed.Fields,
        Fault = parsed.FaultCode is { } code ? new RecordFault(code, Place(parsed.FaultReason), parsed.HidesOthers) : null,
    };

    /// <summary>The fault in the record's place.</summary>
    public FormatRecord Fault(string code, string reason, bool hidesOthers, bool isLine = false, bool isWholeFile = false) =>
        Document(new ParsedRecord(null, "", [], code, reason, hidesOthers), isLine, isWholeFile);

    private string Place(string reason) => FormattableString.Invariant($"Line {Line}, byte {Offset}: {reason}.");
}
