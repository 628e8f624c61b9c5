namespace Quiver.Core.Formats.Json;

/// <summary>Formats whose records are JSON objects.</summary>
public static class JsonFormats
{
    /// <summary>JSON Lines: one object a line.</summary>
    public static RecordFormat Lines { get; } = new()
    {
        Format = DocumentFormat.JsonLines,
        CreateReader = static options => new JsonLinesReader(options),
        Endings = ["jsonl", "ndjson"],
        CanGrow = true,
    };

    /// <summary>A JSON array of objects, or a single object.</summary>
    public static RecordFormat Array { get; } = new()
    {
        Format = DocumentFormat.Json,
        CreateReader = static options => new JsonArrayReader(options),
        Endings = ["json"],
    };
}
