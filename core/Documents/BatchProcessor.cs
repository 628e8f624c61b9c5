using System.Collections.Concurrent;
using Quiver.Core.Chunking;
using Quiver.Core.Embedding;
using Quiver.Core.Embedding.Metering;
using Quiver.Core.Jobs;
using Quiver.Core.Ledger;
using Quiver.Core.Vectors;
using Quiver.GrainInterfaces.Workers;

namespace Quiver.Core.Documents;

/// <summary>
/// Turns a batch of documents into acknowledged points. The order makes an interruption at any step harmless: embed, record the intent in the
/// ledger, write points, delete surplus points, commit to the ledger.
/// </summary>
public sealed class BatchProcessor
{
    private readonly ILedger _ledger;
    private readonly IEmbeddingModel _model;
    private readonly IChunker _chunker;
    private readonly UsageMeters _meters;
    private readonly ModelCheck _check;
    private readonly TimeProvider _time;
    private readonly DocumentEmbedder _embedder;
    private readonly SemanticChunker _semantic;
    private readonly DocumentCommitter _committer;
    private readonly ChunkPace _pace;

    /// <summary>Creates a processor. Thread-safe; keeps no state between batches except the model's measured speed.</summary>
    public BatchProcessor(
        ILedger ledger,
        IVectorStore store,
        IEmbeddingModel model,
        IChunker chunker,
        UsageMeters meters,
        ModelCheck check,
        JobOptions options,
        TimeProvider time)
    {
        _ledger = ledger;
        _model = model;
        _chunker = chunker;
        _meters = meters;
        _check = check;
        _time = time;
        _pace = new ChunkPace(options.MaxChunksPerCall);
        _embedder = new DocumentEmbedder(model, meters, check);
        _semantic = new SemanticChunker(chunker, model.Tokenizer, model.Info.MaxTokens);
        _committer = new DocumentCommitter(ledger, _embedder, new PointWriter(store, options, time), time);
    }

    /// <summary>Processes a batch; see <see cref="IEmbeddingWorkerGrain.ProcessAsync"/>.</summary>
    /// <param name="request">The batch.</param>
    /// <param name="cancellationToken">Also stops the embedding call and the wait for a write in flight, which may still be stored.</param>
    public async Task<BatchResult> ProcessAsync(BatchRequest request, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        var meter = _meters.Of(request.Job);
        using var inFlight = meter.Enter();
        if (request.WasAccepted)
        {
            meter.Accepted();
        }

        var scope = request.Binding?.Key;
        var tally = new BatchTally(_time);
        var known = scope is { } key
            ? await _ledger.FindAsync(key, [.. request.Documents.Select(document => document.Id).Distinct()], cancellationToken)
            : ImmutableDictionary<string, DocumentRecord>.Empty;
        var started = _time.GetTimestamp();
        var (documents, seen, next) = await PrepareAsync(request, known, tally, cancellationToken);

        IReadOnlyList<ChunkedDocument> stored = documents;
        if (request.DryRun || scope is null)
        {
            documents.ForEach(tally.Stored);
            tally.Add(new JobCounters { Cost = ModelPrice.Of(_model.PricePerMillionTokens, documents.Sum(document => document.Tokens)) });
        }
        else
        {
            stored = await StoreAsync(request, documents, seen, tally, started, cancellationToken);
            if (stored.Count > 0)
            {
                await _check.StoredAsync(request.Binding!, cancellationToken);
            }

            if (request.Sync == SyncMode.Mirror && seen.Count > 0)
            {
                await _ledger.TouchAsync(scope.Value, seen, request.Generation, cancellationToken);
            }
        }

        if (tally.Failures.Count > 0)
        {
            await _ledger.SaveFailuresAsync(request.Job, tally.Failures, cancellationToken);
        }

        _pace.Measured(tally.EmbeddedTexts, _time.GetElapsedTime(started));
        return Result(request, tally.Counters, stored, next) with { Usage = meter.Read() };
    }

    /// <summary>
    /// Triages the documents and chunks those to store, as far as one call goes. Also returns the ids that the source still has but
    /// that are not written, and the index of the first document left for the next call.
    /// </summary>
    private async Task<(List<ChunkedDocument> Documents, List<string> Seen, int Next)> PrepareAsync(
        BatchRequest request,
        IReadOnlyDictionary<string, DocumentRecord> known,
        BatchTally tally,
        CancellationToken cancellationToken)
    {
        var documents = new List<ChunkedDocument>();
        var seen = new List<string>();
        var last = request.Documents
            .Where(document => document.FaultCode is null && !document.SourceChanged)
            .GroupBy(document => document.Id)
            .ToDictionary(group => group.Key, group => group.Last());
        var room = request.DryRun ? int.MaxValue : _pace.Limit;
        for (var i = 0; i < request.Documents.Length; i++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var document = request.Documents[i];
            if (document.SourceChanged)
            {
                tally.SourceChanged();
                continue;
            }

            if (document.FaultCode is { } code)
            {
                seen.Add(document.Id);
                tally.Failed(document, code, document.FaultReason ?? code);
                continue;
            }

            if (last[document.Id] is var later && later.Ordinal != document.Ordinal)
            {
                // An object that is read again repeats its documents, although their ids are unique.
                tally.Superseded(document, isRepeated: later.Rereads <= document.Rereads);
                continue;
            }

            var record = known.GetValueOrDefault(document.Id);

            // A document without a ledger row was rolled back: it starts from its first chunk.
            var from = i == 0 && record is not null ? request.From : null;
            var hash = ContentHash.Compute(document, _model.Info.Id, Options(request));
            var verdict = DocumentTriage.Judge(document, hash, record, request, continues: from is not null);
            if (verdict != DocumentVerdict.Store)
            {
                Skip(request, document, record, verdict, seen, tally);
                continue;
            }

            var chunked = await ChunkAsync(request, document, hash, record, from, room, cancellationToken);
            if (!chunked.IsLast && documents.Count > 0)
            {
                return (documents, seen, i);
            }

            room -= chunked.Chunks.Count;
            Add(chunked, request, documents, seen, tally);
            if (!chunked.IsLast || (room <= 0 && i + 1 < request.Documents.Length))
            {
                return (documents, seen, i + 1);
            }
        }

        return (documents, seen, request.Documents.Length);
    }

    private void Skip(BatchRequest request, Document document, DocumentRecord? record, DocumentVerdict verdict, List<string> seen, BatchTally tally)
    {
        switch (verdict)
        {
            case DocumentVerdict.Unchanged:
                seen.Add(document.Id);
                tally.Unchanged(document);
                break;
            case DocumentVerdict.StoredBefore:
                var options = Options(request) with { TextStart = document.TextStart, Title = DocumentTitle.Of(document) };
                tally.StoredBefore(document, record!.ChunkCount, _chunker.Chunk(document.Text, document.Format, options).Sum(chunk => (long)chunk.Tokens));
                break;
            case DocumentVerdict.Conflict:
                tally.Failed(
                    document,
                    ErrorCodes.DocumentIdConflict,
                    $"The collection holds a document '{document.Id}' from '{record!.Origin}': ingest into another collection, or give both sources the same name if they are the same data.");
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(verdict), verdict, "Only documents that are not stored are skipped.");
        }
    }

    private async Task<ChunkedDocument> ChunkAsync(
        BatchRequest request, Document document, byte[] hash, DocumentRecord? known, ChunkCursor? from, int room, CancellationToken cancellationToken)
    {
        var options = Options(request) with { TextStart = document.TextStart, Title = DocumentTitle.Of(document) };
        List<Chunk> chunks = [];
        var firstChunk = from?.Number ?? 0;
        var unknown = 0;
        ChunkCursor? next = null;
        if (request is { Strategy: ChunkingStrategy.Semantic, DryRun: false })
        {
            await foreach (var chunk in _semantic.ChunkAsync(
                document.Text, document.Format, options, (texts, token) => _embedder.EmbedSentencesAsync(texts, request, token), from, cancellationToken))
            {
                if (!Take(chunk))
                {
                    break;
                }
            }
        }
        else
        {
            // A dry run calls no model: without turns, the structure decides.
            foreach (var chunk in _chunker.Chunk(document.Text, document.Format, options, from))
            {
                if (!Take(chunk))
                {
                    break;
                }
            }
        }

        return new(document, hash, known, options.Title, chunks, firstChunk, next) { UnknownChunks = unknown };

        bool Take(Chunk chunk)
        {
            if (chunks.Count == room)
            {
                next = chunk.Cursor;
                return false;
            }

            chunks.Add(chunk);
            unknown += UnknownText.IsOne(_model.Tokenizer, chunk.Text) ? 1 : 0;
            return true;
        }
    }

    /// <summary>The options that all documents of a batch share.</summary>
    private static ChunkingOptions Options(BatchRequest request) =>
        new(request.MaxTokens, request.OverlapTokens) { EmbedContext = request.EmbedContext, Strategy = request.Strategy };

    private static void Add(ChunkedDocument chunked, BatchRequest request, List<ChunkedDocument> documents, List<string> seen, BatchTally tally)
    {
        if (chunked.ChunkEnd == 0)
        {
            seen.Add(chunked.Id);
            tally.Failed(chunked.Document, ErrorCodes.EmptyDocument, "The document has no text.");
            return;
        }

        if (chunked is { FirstChunk: 0, Document.Rereads: 0 } && chunked.Known?.Epoch == request.Epoch && DocumentTriage.WasStoredBy(chunked.Known, request))
        {
            tally.Overwritten();
        }

        documents.Add(chunked);
    }

    private async Task<IReadOnlyList<ChunkedDocument>> StoreAsync(
        BatchRequest request, List<ChunkedDocument> documents, List<string> seen, BatchTally tally, long started, CancellationToken cancellationToken)
    {
        try
        {
            return await _committer.StoreAsync(request, documents, seen, tally, cancellationToken);
        }
        catch
        {
            _pace.GivenUp(documents.Sum(document => document.Chunks.Count), _time.GetElapsedTime(started));
            throw;
        }
    }

    /// <summary>A partly chunked document is the last one of its call, and the next call starts with it.</summary>
    private static BatchResult Result(BatchRequest request, JobCounters counters, IReadOnlyList<ChunkedDocument> stored, int next) =>
        stored.FirstOrDefault(document => !document.IsLast) is { } partial
            ? new BatchResult { Counters = counters, NextDocument = next - 1, NextChunk = partial.Next }
            : new BatchResult { Counters = counters, NextDocument = next < request.Documents.Length ? next : null };
}

/// <summary>The batch processors of a silo, one per model in use: each has its own tokenizer and measured speed. Thread-safe.</summary>
public sealed class BatchProcessors(
    ILedger ledger,
    IVectorStore store,
    IEmbeddingModelCatalog models,
    Func<IEmbeddingModel, IChunker> chunkers,
    UsageMeters meters,
    ModelCheck check,
    JobOptions options,
    TimeProvider time)
{
    // Bounded by the number of models in the settings.
    private readonly ConcurrentDictionary<string, BatchProcessor> _processors = new(StringComparer.Ordinal);

    /// <summary>Returns the processor of a batch.</summary>
    /// <exception cref="PermanentException">With <see cref="ErrorCodes.ModelUnavailable"/>: no provider of this silo has the model.</exception>
    public BatchProcessor For(BatchRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        var id = request.Model ?? request.Binding?.Model ?? models.Default.Model.Info.Id;
        return _processors.TryGetValue(id, out var known) ? known : _processors.GetOrAdd(id, Create);
    }

    private BatchProcessor Create(string id)
    {
        var model = models.FindModel(id)
            ?? throw new PermanentException(ErrorCodes.ModelUnavailable, $"No provider of this silo has the model {id}: give all silos the same settings.");
        return new BatchProcessor(ledger, store, model, chunkers(model), meters, check, options, time);
    }
}
