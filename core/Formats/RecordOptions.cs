namespace Quiver.Core.Formats;

/// <summary>How records are read.</summary>
public sealed record RecordOptions
{
    /// <summary>The field with the text; a dot leads into an object. Default: <c>text</c>.</summary>
    public string TextField { get; init; } = "text";

    /// <summary>The field with the id; a dot leads into an object. Null derives ids from the place. Default: null.</summary>
    public string? IdField { get; init; }

    /// <summary>The largest document in bytes, 1 to <see cref="RecordConstants.LargestMaxDocumentBytes"/>. Default: 4 MiB.</summary>
    public int MaxDocumentBytes { get; init; } = 4 * 1024 * 1024;
}
