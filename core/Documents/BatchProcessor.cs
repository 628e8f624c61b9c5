using Quiver.Core.Chunking;
using Quiver.Core.Embedding;
using Quiver.Core.Embedding.Metering;
using Quiver.Core.Jobs;
using Quiver.Core.Ledger;
using Quiver.Core.Vectors;
using Quiver.GrainInterfaces.Workers;

namespace Quiver.Core.Documents;

/// <summary>
/// Takes a batch from documents to acknowledged points. The order makes a stop at any place harmless: vectors are made, the ledger learns of
/// the intent, points are written, surplus ones deleted, then the ledger learns that it is done.
/// </summary>
public sealed class BatchProcessor
{
    private readonly ILedger _ledger;
    private readonly IEmbeddingModel _model;
    private readonly IChunker _chunker;
    private readonly UsageMeters _meters;
    private readonly TimeProvider _time;
    private readonly DocumentCommitter _committer;
    private readonly ChunkPace _pace;

    /// <summary>Creates a processor; it keeps no state between batches and is thread-safe.</summary>
    /// <param name="ledger">What was stored before.</param>
    /// <param name="store">Where points go.</param>
    /// <param name="model">What makes vectors.</param>
    /// <param name="chunker">What cuts documents.</param>
    /// <param name="meters">Count what is used of the model.</param>
    /// <param name="options">Bounds.</param>
    /// <param name="time">The clock.</param>
    public BatchProcessor(ILedger ledger, IVectorStore store, IEmbeddingModel model, IChunker chunker, UsageMeters meters, JobOptions options, TimeProvider time)
    {
        _ledger = ledger;
        _model = model;
        _chunker = chunker;
        _meters = meters;
        _time = time;
        _pace = new ChunkPace(options.MaxChunksPerCall);
        _committer = new DocumentCommitter(ledger, new DocumentEmbedder(model, meters), new PointWriter(store, options, time), time);
    }

    /// <summary>Processes a batch; see <see cref="IEmbeddingWorkerGrain.ProcessAsync"/>.</summary>
    public async Task<BatchResult> ProcessAsync(BatchRequest request, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        var meter = _meters.Of(request.Job);
        using var underWay = meter.Enter();
        if (request.WasAccepted)
        {
            meter.Accepted();
        }

        var scope = request.Binding?.Key;
        var tally = new BatchTally(_time);
        var known = scope is { } key
            ? await _ledger.FindAsync(key, [.. request.Items.Select(item => item.Id).Distinct()], cancellationToken)
            : ImmutableDictionary<string, DocumentRecord>.Empty;
        var started = _time.GetTimestamp();
        var (documents, seen, nextItem) = Prepare(request, known, tally, cancellationToken);

        IReadOnlyList<PreparedDocument> stored = documents;
        if (request.DryRun || scope is null)
        {
            documents.ForEach(tally.Stored);
            tally.Add(new JobCounters { Cost = ModelPrice.Of(_model.PricePerMillionTokens, documents.Sum(document => document.Chunks.Sum(chunk => (long)chunk.Tokens))) });
        }
        else
        {
            stored = await StoreAsync(request, documents, seen, tally, started, cancellationToken);
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
        return Result(request, tally.Counters, stored, nextItem) with { Usage = meter.Read() };
    }

    private async Task<IReadOnlyList<PreparedDocument>> StoreAsync(
        BatchRequest request, List<PreparedDocument> documents, List<string> seen, BatchTally tally, long started, CancellationToken cancellationToken)
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

    /// <summary>A document that is only begun is the last one of its call, and the next call starts with it.</summary>
    private static BatchResult Result(BatchRequest request, JobCounters counters, IReadOnlyList<PreparedDocument> stored, int nextItem)
    {
        if (stored.FirstOrDefault(document => !document.IsLast) is { } begun)
        {
            return new BatchResult { Counters = counters, NextItem = nextItem - 1, NextPlace = begun.Next };
        }

        return new BatchResult { Counters = counters, NextItem = nextItem < request.Items.Length ? nextItem : null };
    }

    /// <summary>
    /// Sorts the records out and cuts those that must be stored, as far as one call goes; also gives the ids that the source still has but
    /// that are not written, and the index of the first record that is left for the next call.
    /// </summary>
    private (List<PreparedDocument> Documents, List<string> Seen, int NextItem) Prepare(
        BatchRequest request,
        IReadOnlyDictionary<string, DocumentRecord> known,
        BatchTally tally,
        CancellationToken cancellationToken)
    {
        var documents = new List<PreparedDocument>();
        var seen = new List<string>();
        var last = request.Items.Where(item => item.FaultCode is null && !item.SourceChanged).GroupBy(item => item.Id).ToDictionary(group => group.Key, group => group.Last());
        var room = request.DryRun ? int.MaxValue : _pace.Limit;
        for (var i = 0; i < request.Items.Length; i++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var item = request.Items[i];
            if (item.SourceChanged)
            {
                tally.SourceChanged();
                continue;
            }

            if (item.FaultCode is { } code)
            {
                seen.Add(item.Id);
                tally.Failed(item, code, item.FaultReason ?? code);
                continue;
            }

            if (last[item.Id] is var later && later.Ordinal != item.Ordinal)
            {
                // An object that is read again repeats itself, and its ids are none the less unique.
                tally.Superseded(item, isRepeated: later.Rereads <= item.Rereads);
                continue;
            }

            var record = known.GetValueOrDefault(item.Id);

            // What the ledger knows nothing of was taken back: it begins anew.
            var from = i == 0 && record is not null ? request.From : null;
            var hash = ContentHash.Compute(item, _model.Info.Id, request.MaxTokens, request.OverlapTokens);
            var verdict = DocumentTriage.Judge(item, hash, record, request, goesOn: from is not null);
            if (verdict != DocumentVerdict.Store)
            {
                Leave(request, item, record, verdict, seen, tally);
                continue;
            }

            var document = Cut(request, item, hash, record, from, room);
            if (!document.IsLast && documents.Count > 0)
            {
                return (documents, seen, i);
            }

            room -= document.Chunks.Count;
            Take(document, record, request, documents, seen, tally);
            if (!document.IsLast || (room <= 0 && i + 1 < request.Items.Length))
            {
                return (documents, seen, i + 1);
            }
        }

        return (documents, seen, request.Items.Length);
    }

    private static void Take(PreparedDocument document, DocumentRecord? record, BatchRequest request, List<PreparedDocument> documents, List<string> seen, BatchTally tally)
    {
        if (document.ChunkEnd == 0)
        {
            seen.Add(document.Item.Id);
            tally.Failed(document.Item, ErrorCodes.EmptyDocument, "The document has no text.");
            return;
        }

        if (document is { FirstChunk: 0, Item.Rereads: 0 } && record?.Epoch == request.Epoch && DocumentTriage.WasStoredBy(record, request))
        {
            tally.Overwritten();
        }

        documents.Add(document);
    }

    private void Leave(BatchRequest request, DocumentItem item, DocumentRecord? record, DocumentVerdict verdict, List<string> seen, BatchTally tally)
    {
        switch (verdict)
        {
            case DocumentVerdict.Unchanged:
                seen.Add(item.Id);
                tally.Unchanged(item);
                break;
            case DocumentVerdict.StoredBefore:
                var options = new ChunkingOptions(request.MaxTokens, request.OverlapTokens);
                tally.StoredBefore(item, record!.ChunkCount, _chunker.Chunk(item.Text, item.Format, options).Sum(chunk => (long)chunk.Tokens));
                break;
            case DocumentVerdict.Conflict:
                tally.Failed(
                    item,
                    ErrorCodes.DocumentIdConflict,
                    $"The collection holds a document '{item.Id}' from '{record!.Origin}': ingest into another collection, or give both sources the same name if they are the same data.");
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(verdict), verdict, "Only records that are not stored are left.");
        }
    }

    private PreparedDocument Cut(BatchRequest request, DocumentItem item, byte[] hash, DocumentRecord? known, ChunkPlace? from, int room)
    {
        var options = new ChunkingOptions(request.MaxTokens, request.OverlapTokens);
        List<Chunk> chunks = [];
        var firstChunk = from?.Number ?? 0;
        foreach (var chunk in _chunker.Chunk(item.Text, item.Format, options, from))
        {
            if (chunks.Count == room)
            {
                return new(item, hash, known, chunks, firstChunk, chunk.Place);
            }

            chunks.Add(chunk);
        }

        return new(item, hash, known, chunks, firstChunk, Next: null);
    }
}
