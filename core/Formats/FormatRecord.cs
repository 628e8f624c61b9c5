namespace Quiver.Core.Formats;

/// <summary>A record of a file: a document, or the reason why there is none.</summary>
public sealed record FormatRecord
{
    /// <summary>Its 0-based index in the file.</summary>
    public required long Index { get; init; }

    /// <summary>Its 1-based first line.</summary>
    public required long Line { get; init; }

    /// <summary>Its first byte.</summary>
    public required long Offset { get; init; }

    /// <summary>The bytes that it takes.</summary>
    public required long Bytes { get; init; }

    /// <summary>Where to go on behind it.</summary>
    public required RecordPosition Next { get; init; }

    /// <summary>True when the record is the file as a whole, so that it needs no index to be told apart.</summary>
    public bool IsWholeFile { get; init; }

    /// <summary>True for a line of JSON Lines, whose line number identifies it to a reader.</summary>
    public bool IsLine { get; init; }

    /// <summary>The id from the record's own field; null where ids are derived from the place.</summary>
    public string? ExplicitId { get; init; }

    /// <summary>Its text; empty when there is a fault.</summary>
    public string Text { get; init; } = "";

    /// <summary>Its other fields in their order, at most <see cref="RecordConstants.MaxFields"/>; of equal names the last one counts.</summary>
    public ImmutableArray<KeyValuePair<string, string>> Fields { get; init; } = [];

    /// <summary>Why it is no document; null when it is one.</summary>
    public RecordFault? Fault { get; init; }
}
