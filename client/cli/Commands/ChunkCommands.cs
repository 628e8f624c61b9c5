using System.CommandLine;
using System.Globalization;
using System.Text;
using Quiver.Cli.Output;
using Quiver.Cli.Parsing;
using Quiver.Cli.Sessions;
using Quiver.Client;
using Quiver.Client.Json;

namespace Quiver.Cli.Commands;

/// <summary><c>quiver chunks</c>.</summary>
internal sealed class ChunksCommand : CliCommand
{
    private const int DefaultChunks = 100;

    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private readonly Argument<string> _file = new("FILE") { Description = "File to cut; nothing is stored." };
    private readonly Option<DocumentFormat?> _format = IngestOptions.Format();
    private readonly Option<string?> _model = Options.Text(
        "--model", "NAME", "Embedding model whose tokens count: a provider's name, a model's name, or model@revision. Default: the server's setting.");

    private readonly Option<string?> _idField = IngestOptions.IdField();
    private readonly Option<string?> _textField = IngestOptions.TextField();
    private readonly ChunkOptions _chunking = new("Whether title and headings are embedded with each chunk. Default: true.");
    private readonly Option<long?> _limit = Options.Whole("--limit", "Maximum number of chunks to show, 1 to 1000. Default: 100.", 1, RequestValidator.MaxPage);

    public override void Configure(Command command)
    {
        command.Add(_file);
        foreach (var option in (ReadOnlySpan<Option>)[_format, _model, _idField, _textField, .. _chunking.All, _limit])
        {
            command.Add(option);
        }
    }

    public override async Task<int> RunAsync(CommandContext context)
    {
        var parse = context.Parse;
        var file = parse.GetRequiredValue(_file);
        var request = new ChunkPreviewRequest
        {
            Text = Read(Path.GetFullPath(file, context.Environment.CurrentDirectory)),
            Name = file.Replace('\\', '/'),
            Format = parse.GetValue(_format) ?? DocumentFormat.Auto,
            Chunking = _chunking.Read(parse),
            Model = parse.GetValue(_model),
            IdField = parse.GetValue(_idField),
            TextField = parse.GetValue(_textField),
            Limit = (int)(parse.GetValue(_limit) ?? DefaultChunks),
        };
        await using var session = await context.OpenToReadAsync();
        var preview = await session.Client.PreviewChunksAsync(request, context.Stop);
        context.Output.Result(preview, QuiverJsonContext.Shared.ChunkPreview, _ => Print(context.Output, preview));
        return ExitCodes.Success;
    }

    private static string Read(string path)
    {
        try
        {
            // A character takes at most four bytes.
            var bytes = new FileInfo(path).Length <= ChunkPreviewRequest.MaxTextLength * 4L ? File.ReadAllBytes(path) : [];
            var text = Strict.GetString(bytes.AsSpan().StartsWith("\uFEFF"u8) ? bytes.AsSpan(3) : bytes);
            return bytes.Length > 0 && text.Length <= ChunkPreviewRequest.MaxTextLength
                ? text
                : throw new InvalidRequestException(
                    ErrorCodes.InvalidOption, $"{path} is empty or has more than {ChunkPreviewRequest.MaxTextLength} characters: name a smaller file.");
        }
        catch (DecoderFallbackException exception)
        {
            throw new InvalidRequestException(ErrorCodes.InvalidOption, $"{path} is not valid UTF-8: convert it first.", exception);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new InvalidRequestException(ErrorCodes.PathNotFound, $"{path} cannot be read: {exception.Message}", exception);
        }
    }

    private static void Print(CliOutput output, ChunkPreview preview)
    {
        foreach (var chunk in preview.Items)
        {
            ChunkPrinter.Print(output, chunk, chunk.Context);
        }

        if (preview.Items.Length < preview.Chunks)
        {
            output.Line($"… and {Quantities.Count(preview.Chunks - preview.Items.Length)} more; --limit shows more of them.");
            output.Line();
        }

        foreach (var fault in preview.Faults)
        {
            output.Line($"no document: {fault.DocumentId}: {fault.Reason} ({fault.Code})");
        }

        var average = preview.Chunks == 0 ? 0 : preview.Tokens / preview.Chunks;
        output.Line(
            $"{Quantities.Count(preview.Chunks, "chunk")} of {Quantities.Count(preview.Documents, "document")}, {Quantities.Count(average)} tokens on average, "
            + $"at most {Quantities.Count(preview.MaxTokens)}, of which {Quantities.Count(preview.OverlapTokens)} may repeat the chunk before; model {preview.Model}");
    }
}

/// <summary><c>quiver collections chunks</c>.</summary>
internal sealed class CollectionsChunksCommand : CollectionCommand
{
    private const int DefaultChunks = 100;

    private readonly Argument<string> _document = new("DOCUMENT") { Description = "Document id, as search and collections facets NAME document_id show it." };
    private readonly Option<long?> _limit = Options.Whole("--limit", "Maximum number of chunks, 1 to 1000. Default: 100.", 1, RequestValidator.MaxPage);
    private readonly Option<string?> _after = Options.Text("--after", "CURSOR", "Cursor from the end of the previous listing. Default: start with the first.");

    public override void Configure(Command command)
    {
        base.Configure(command);
        command.Add(_document);
        command.Add(_limit);
        command.Add(_after);
    }

    protected override async Task<int> RunAsync(CommandContext context, IClientSession session, CollectionName collection)
    {
        var (document, limit) = (context.Parse.GetRequiredValue(_document), (int)(context.Parse.GetValue(_limit) ?? DefaultChunks));
        var page = await session.Client.ListChunksAsync(collection, document, context.Parse.GetValue(_after), limit, context.Stop);
        context.Output.Result(page, QuiverJsonContext.Shared.ChunkPage, _ =>
        {
            foreach (var chunk in page.Items)
            {
                ChunkPrinter.Print(context.Output, chunk, ContextPath.Write(chunk.Title, chunk.Headings));
            }

            if (page.Next is { } next)
            {
                context.Output.Line($"More: {context.Hint($"collections chunks {collection} {CommandHint.Quote(document)} --after {next}")}");
            }
        });
        return ExitCodes.Success;
    }
}

/// <summary>Prints chunks.</summary>
internal static class ChunkPrinter
{
    private const string Indent = "    ";

    /// <summary>Prints a chunk's document, number, range and tokens, its context, and its text.</summary>
    public static void Print(CliOutput output, DocumentChunk chunk, string? context)
    {
        var tokens = chunk.Tokens is { } count ? $", {Quantities.Count(count, "token")}" : "";
        output.Line(string.Create(
            CultureInfo.InvariantCulture,
            $"{chunk.DocumentId} #{chunk.Chunk}: lines {chunk.StartLine} to {chunk.EndLine}, characters {chunk.StartChar} to {chunk.EndChar}{tokens}"));
        if (!string.IsNullOrEmpty(context))
        {
            output.Line($"{Indent}[{context.ReplaceLineEndings(" ")}]");
        }

        foreach (var line in chunk.Text.ReplaceLineEndings("\n").Split('\n'))
        {
            output.Line($"{Indent}{line.Replace('\t', ' ')}".TrimEnd());
        }

        output.Line();
    }
}
