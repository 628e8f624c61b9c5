using System.Text;
using Quiver.Core.Chunking;
using Quiver.Core.Embedding;
using Quiver.Core.Formats;
using Quiver.Core.Jobs;
using Quiver.Core.Sources;
using Quiver.GrainInterfaces.Workers;

namespace Quiver.Core.Documents;

/// <summary>Cuts a file as a job would, without storing anything. Thread-safe.</summary>
public sealed class ChunkPreviewer(
    FormatRegistry formats, IEmbeddingModelCatalog models, Func<IEmbeddingModel, IChunker> chunkers, JobOptions options)
{
    private const int MaxFaults = 100;

    // Every sentence is embedded, which takes a local model a minute.
    private const int MaxSemanticText = 100_000;

    /// <summary>Returns the chunks of a file's documents.</summary>
    /// <param name="tenant">The tenant whose share of a provider's budget sentences take.</param>
    /// <param name="request">The file.</param>
    /// <param name="cancellationToken">Stops between documents.</param>
    /// <exception cref="InvalidRequestException">With <see cref="ErrorCodes.InvalidOption"/>: the request is out of range.</exception>
    /// <exception cref="ConflictException">With <see cref="ErrorCodes.ModelMismatch"/>: no provider has the model.</exception>
    public async Task<ChunkPreview> PreviewAsync(TenantId tenant, ChunkPreviewRequest request, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        Validate(request);
        var model = request.Model is { } name
            ? models.Find(name) ?? throw new ConflictException(
                ErrorCodes.ModelMismatch, $"This server has no model '{name}': 'quiver providers list' (GET /v1/providers) shows the existing ones.")
            : models.Default.Model;
        JobSpecValidator.Validate(request.Chunking, model.Info, options);
        var (maxTokens, overlap) = JobSpecValidator.Chunking(request.Chunking, model.Info, options);
        var chunking = new ChunkingOptions(maxTokens, overlap)
        {
            EmbedContext = request.Chunking.EmbedContext ?? true,
            Strategy = request.Chunking.Strategy ?? ChunkingStrategy.Structure,
        };
        var chunker = chunkers(model);
        var semantic = new SemanticChunker(chunker, model.Tokenizer, model.Info.MaxTokens);
        var (documents, chunks, tokens) = (0L, 0L, 0L);
        var items = ImmutableArray.CreateBuilder<DocumentChunk>();
        var faults = ImmutableArray.CreateBuilder<ChunkPreviewFault>();
        await foreach (var record in Open(request).ReadAsync(RecordCursor.Start, 0, cancellationToken))
        {
            var document = record.Item;
            if (document.FaultCode is { } code)
            {
                if (faults.Count < MaxFaults)
                {
                    faults.Add(new(document.Id, code, document.FaultReason ?? code));
                }

                continue;
            }

            documents++;
            var title = DocumentTitle.Of(document);
            var own = chunking with { Title = title, TextStart = document.TextStart };
            if (chunking.Strategy == ChunkingStrategy.Semantic)
            {
                await foreach (var chunk in semantic.ChunkAsync(document.Text, document.Format, own, EmbedAsync, from: null, cancellationToken))
                {
                    Add(document, title, chunk);
                }
            }
            else
            {
                foreach (var chunk in chunker.Chunk(document.Text, document.Format, own))
                {
                    Add(document, title, chunk);
                }
            }
        }

        return new()
        {
            Model = model.Info.Id,
            MaxTokens = maxTokens,
            OverlapTokens = overlap,
            Documents = documents,
            Chunks = chunks,
            Tokens = tokens,
            Items = items.ToImmutable(),
            Faults = faults.ToImmutable(),
        };

        void Add(Document document, string? title, Chunk chunk)
        {
            cancellationToken.ThrowIfCancellationRequested();
            chunks++;
            tokens += chunk.Tokens;
            if (items.Count < request.Limit)
            {
                items.Add(Describe(document, title, chunk));
            }
        }

        async Task<IReadOnlyList<ReadOnlyMemory<float>>> EmbedAsync(IReadOnlyList<string> texts, CancellationToken token)
        {
            var embeddings = await model.Generator.GenerateAsync(texts, new EmbeddingCallContext(tenant).ToOptions(), token);
            EmbeddingValidator.Validate(embeddings, texts.Count, model.Info, refusalsAllowed: true);
            return [.. embeddings.Select(embedding => embedding.Vector)];
        }
    }

    private static void Validate(ChunkPreviewRequest request)
    {
        PageSize.Require(request.Limit);
        Require(request.Text.Length <= ChunkPreviewRequest.MaxTextLength, $"text has {request.Text.Length} characters: send at most {ChunkPreviewRequest.MaxTextLength}.");
        Require(request.Name.Length is > 0 and <= ChunkPreviewRequest.MaxNameLength, $"name has {request.Name.Length} characters: use 1 to {ChunkPreviewRequest.MaxNameLength}.");
        Require(
            request.Chunking.Strategy != ChunkingStrategy.Semantic || request.Text.Length <= MaxSemanticText,
            $"text has {request.Text.Length} characters: with semantic chunking, whose preview embeds every sentence, send at most {MaxSemanticText}.");
        Require(Enum.IsDefined(request.Format), $"The format {(int)request.Format} is unknown.");
    }

    private static void Require(bool holds, string message)
    {
        if (!holds)
        {
            throw new InvalidRequestException(ErrorCodes.InvalidOption, message);
        }
    }

    private FileReader Open(ChunkPreviewRequest request)
    {
        var content = Encoding.UTF8.GetBytes(request.Text);
        var records = new RecordOptions
        {
            TextField = request.TextField ?? "text",
            IdField = request.IdField,
            MaxDocumentBytes = RecordConstants.LargestMaxDocumentBytes,
        };
        return new FileReader(formats, request.Format, request.Name, records)
        {
            FileId = request.Name,
            Origin = request.Name,
            OpenAt = (offset, _) => ValueTask.FromResult<Stream>(new MemoryStream(content, (int)offset, content.Length - (int)offset, writable: false)),
            CursorAt = static _ => ValueTask.FromResult(""),
            Explain = static _ => null,
        };
    }

    private static DocumentChunk Describe(Document document, string? title, Chunk chunk) => new()
    {
        DocumentId = document.Id,
        Chunk = chunk.Number,
        StartChar = chunk.StartChar,
        EndChar = chunk.EndChar,
        StartLine = chunk.StartLine,
        EndLine = chunk.EndLine,
        Tokens = chunk.Tokens,
        Title = title,
        Headings = chunk.Outline?.ToPath() ?? [],
        Context = chunk.EmbeddedText.Length > chunk.Text.Length ? chunk.EmbeddedText[..^chunk.Text.Length].TrimEnd() : null,
        Text = chunk.Text,
    };
}
