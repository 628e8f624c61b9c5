namespace Quiver.GrainInterfaces.Collections;

/// <summary>A chunk of a document, as it is stored or would be.</summary>
[GenerateSerializer, Immutable, Alias("quiver.document-chunk.v1")]
public sealed record DocumentChunk
{
    /// <summary>Its document.</summary>
    [Id(0)] public required string DocumentId { get; init; }

    /// <summary>Its 0-based number within the document.</summary>
    [Id(1)] public required int Chunk { get; init; }

    /// <summary>Its first UTF-16 character in the document, 0-based.</summary>
    [Id(2)] public int StartChar { get; init; }

    /// <summary>One past its last character.</summary>
    [Id(3)] public int EndChar { get; init; }

    /// <summary>Its first line, 1-based.</summary>
    [Id(4)] public int StartLine { get; init; }

    /// <summary>Its last line.</summary>
    [Id(5)] public int EndLine { get; init; }

    /// <summary>The tokens that are embedded, context included; null for a stored chunk.</summary>
    [Id(6)] public int? Tokens { get; init; }

    /// <summary>The document's title; null for none.</summary>
    [Id(7)] public string? Title { get; init; }

    /// <summary>The headings that it is below, outermost first; see <see cref="SearchHit.Headings"/>.</summary>
    [Id(8)] public ImmutableArray<string> Headings { get; init; } = [];

    /// <summary>The context that is embedded in front of the text; null for none, and for a stored chunk.</summary>
    [Id(9)] public string? Context { get; init; }

    /// <summary>Its text.</summary>
    [Id(10)] public required string Text { get; init; }
}

/// <summary>A file to cut into chunks without storing it.</summary>
[GenerateSerializer, Immutable, Alias("quiver.chunk-preview-request.v1")]
public sealed record ChunkPreviewRequest
{
    /// <summary>The maximum length of <see cref="Text"/>, in characters.</summary>
    public const int MaxTextLength = 1_000_000;

    /// <summary>The maximum length of <see cref="Name"/>, in characters.</summary>
    public const int MaxNameLength = 1024;

    /// <summary>The file's content, at most <see cref="MaxTextLength"/> characters.</summary>
    [Id(0)] public required string Text { get; init; }

    /// <summary>The file's name, with or without folders; it names the format and may be the title. 1 to <see cref="MaxNameLength"/> characters. Default: <c>text.txt</c>.</summary>
    [Id(1)] public string Name { get; init; } = "text.txt";

    /// <summary>How the content becomes documents. Default: <see cref="DocumentFormat.Auto"/>, by the name.</summary>
    [Id(2)] public DocumentFormat Format { get; init; } = DocumentFormat.Auto;

    /// <summary>How documents are chunked; title and headings are embedded unless it says otherwise.</summary>
    [Id(3)] public ChunkingSpec Chunking { get; init; } = new();

    /// <summary>The embedding model whose tokens count: a provider's name, a model's name, or <c>model@revision</c>. Null takes the silo's default.</summary>
    [Id(4)] public string? Model { get; init; }

    /// <summary>The field of a JSON record that holds its id; null derives ids from name and position.</summary>
    [Id(5)] public string? IdField { get; init; }

    /// <summary>The field of a JSON record that holds its text; null takes <c>text</c>.</summary>
    [Id(6)] public string? TextField { get; init; }

    /// <summary>The maximum number of chunks to return, 1 to 1,000. Default: 100.</summary>
    [Id(7)] public int Limit { get; init; } = 100;
}

/// <summary>How a file would be cut.</summary>
[GenerateSerializer, Immutable, Alias("quiver.chunk-preview.v1")]
public sealed record ChunkPreview
{
    /// <summary>The model whose tokens count.</summary>
    [Id(0)] public required string Model { get; init; }

    /// <summary>The maximum number of tokens in a chunk.</summary>
    [Id(1)] public required int MaxTokens { get; init; }

    /// <summary>Tokens that a chunk repeats from the previous one at most.</summary>
    [Id(2)] public required int OverlapTokens { get; init; }

    /// <summary>Documents in the file.</summary>
    [Id(3)] public required long Documents { get; init; }

    /// <summary>Chunks of all documents.</summary>
    [Id(4)] public required long Chunks { get; init; }

    /// <summary>Tokens of all chunks.</summary>
    [Id(5)] public required long Tokens { get; init; }

    /// <summary>The first chunks, by document and number; fewer than <see cref="Chunks"/> when the limit was reached.</summary>
    [Id(6)] public required ImmutableArray<DocumentChunk> Items { get; init; }

    /// <summary>Records that are no documents, at most 100.</summary>
    [Id(7)] public ImmutableArray<ChunkPreviewFault> Faults { get; init; } = [];
}

/// <summary>A record of a previewed file that is no document.</summary>
/// <param name="DocumentId">The id that the document would have.</param>
/// <param name="Code">A code of <see cref="ErrorCodes"/>.</param>
/// <param name="Reason">A sentence.</param>
[GenerateSerializer, Immutable, Alias("quiver.chunk-preview-fault.v1")]
public sealed record ChunkPreviewFault([property: Id(0)] string DocumentId, [property: Id(1)] string Code, [property: Id(2)] string Reason);
