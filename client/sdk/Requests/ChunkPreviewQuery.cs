namespace Quiver.Client.Requests;

/// <summary>The body of a preview of chunks.</summary>
/// <remarks>Optional members are null when left out, because the generated JSON reader ignores initializers of init-only members.</remarks>
public sealed record ChunkPreviewQuery
{
    /// <summary>The file's content, at most 1,000,000 characters.</summary>
    public required string Text { get; init; }

    /// <summary>The file's name, with or without folders; it names the format and may be the title. Default: <c>text.txt</c>.</summary>
    public string? Name { get; init; }

    /// <summary>How the content becomes documents. Default: auto, by the name.</summary>
    public DocumentFormat? Format { get; init; }

    /// <summary>How documents are chunked. Default: the model's recommendation, with title and headings embedded.</summary>
    public ChunkingSpec? Chunking { get; init; }

    /// <summary>The embedding model whose tokens count. Default: the server's.</summary>
    public string? Model { get; init; }

    /// <summary>The field of a JSON record that holds its id. Default: ids are derived from name and position.</summary>
    public string? IdField { get; init; }

    /// <summary>The field of a JSON record that holds its text. Default: text.</summary>
    public string? TextField { get; init; }

    /// <summary>The maximum number of chunks to return, 1 to 1,000. Default: 100.</summary>
    public int? Limit { get; init; }

    /// <summary>Creates the body for a request.</summary>
    /// <param name="request">The request.</param>
    public static ChunkPreviewQuery From(ChunkPreviewRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        return new()
        {
            Text = request.Text,
            Name = request.Name,
            Format = request.Format,
            Chunking = request.Chunking,
            Model = request.Model,
            IdField = request.IdField,
            TextField = request.TextField,
            Limit = request.Limit,
        };
    }

    /// <summary>Creates the request of this body.</summary>
    public ChunkPreviewRequest ToRequest()
    {
        var otherwise = new ChunkPreviewRequest { Text = Text };
        return otherwise with
        {
            Name = Name ?? otherwise.Name,
            Format = Format ?? otherwise.Format,
            Chunking = Chunking ?? otherwise.Chunking,
            Model = Model,
            IdField = IdField,
            TextField = TextField,
            Limit = Limit ?? otherwise.Limit,
        };
    }
}
