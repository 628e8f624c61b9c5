namespace Quiver.Core.Formats;

/// <summary>Bounds of a record that no option changes.</summary>
public static class RecordConstants
{
    /// <summary>The most metadata fields of a document, those of its place included.</summary>
    public const int MaxMetadata = 64;

    /// <summary>The most fields taken from a record itself, leaving room for those of its place.</summary>
    public const int MaxFields = MaxMetadata - 2;

    /// <summary>The most characters of a metadata value; the rest is cut off.</summary>
    public const int MaxValueCharacters = 4_096;

    /// <summary>The most characters of a metadata name; a field with a longer one is left out.</summary>
    public const int MaxNameCharacters = 256;

    /// <summary>The most characters of a document's id.</summary>
    public const int MaxIdCharacters = 1_024;

    /// <summary>The bytes at a file's beginning by which binary files are told apart.</summary>
    public const int HeadBytes = 8_192;

    /// <summary>The largest value that a document's limit may have, in bytes.</summary>
    public const int LargestMaxDocumentBytes = 64 * 1024 * 1024;

    /// <summary>The metadata field that holds the file.</summary>
    public const string PathField = "path";

    /// <summary>The metadata field that holds the line of a JSON Lines record.</summary>
    public const string LineField = "line";
}
