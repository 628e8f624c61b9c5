namespace Quiver.Core.Formats;

/// <summary>Limits of a record that no option changes.</summary>
public static class RecordConstants
{
    /// <summary>The maximum number of a document's metadata fields, including those that name its file and line.</summary>
    public const int MaxMetadata = 64;

    /// <summary>The maximum number of fields taken from a record itself; leaves room for its file and line.</summary>
    public const int MaxFields = MaxMetadata - 2;

    /// <summary>The maximum length of a metadata value in characters; the rest is cut off.</summary>
    public const int MaxValueCharacters = 4_096;

    /// <summary>The maximum length of a metadata name in characters; a field with a longer one is left out.</summary>
    public const int MaxNameCharacters = 256;

    /// <summary>The maximum length of a document's id in characters.</summary>
    public const int MaxIdCharacters = 1_024;

    /// <summary>The number of bytes at a file's beginning that are searched for signs of a binary format.</summary>
    public const int HeadBytes = 8_192;

    /// <summary>The highest value of a document's size limit, in bytes.</summary>
    public const int LargestMaxDocumentBytes = 64 * 1024 * 1024;

    /// <summary>The metadata field that holds the file.</summary>
    public const string PathField = "path";

    /// <summary>The metadata field that says why a document's front matter was left out.</summary>
    public const string FrontMatterFaultField = "front_matter_fault";

    /// <summary>The metadata field that holds the line of a JSON Lines record.</summary>
    public const string LineField = "line";
}
