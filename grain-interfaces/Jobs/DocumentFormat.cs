namespace Quiver.GrainInterfaces.Jobs;

/// <summary>How the bytes of a file become documents.</summary>
[GenerateSerializer, Alias("quiver.document-format.v1")]
public enum DocumentFormat
{
    /// <summary>By file name: <c>.jsonl .ndjson</c>, <c>.json</c>, <c>.md .markdown</c>, known source code endings, otherwise text.</summary>
    Auto = 1,

    /// <summary>One JSON object a line; each line is a document.</summary>
    JsonLines = 2,

    /// <summary>A JSON array of objects, each a document.</summary>
    Json = 3,

    /// <summary>Plain text; the file is one document.</summary>
    Text = 4,

    /// <summary>Markdown; the file is one document, cut along its headings.</summary>
    Markdown = 5,

    /// <summary>Source code; the file is one document, cut along functions and blocks.</summary>
    Code = 6,
}
