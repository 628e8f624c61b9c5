using Quiver.GrainInterfaces.Workers;
using Quiver.Pipeline.Chunking;
using Quiver.Pipeline.Embedding;
using Quiver.Pipeline.Jobs;
using Quiver.Pipeline.Ledger;
using Quiver.Pipeline.Vectors;

namespace Quiver.Pipeline.Batches;

/// <summary>
/// Takes a batch from documents to acknowledged points. The order makes a stop at any place harmless: vectors are made, the ledger learns of
/// the intent, points are written, surplus ones deleted, then the ledger learns that it is done.
/// </summary>
public sealed class BatchProcessor
{
    private readonly ILedger _ledger;
    private readonly IEmbeddingModel _model;
    private readonly IChunker _chunker;
    private readonly JobOptions _options;
    private readonly TimeProvider _time;
    private readonly DocumentCommitter _committer;

    /// <summary>Creates a processor; it keeps no state between batches and is thread-safe.</summary>
    /// <param name="ledger">What was stored before.</param>
    /// <param name="store">Where points go.</param>
    /// <param name="model">What makes vectors.</param>
    /// <param name="chunker">What cuts documents.</param>
    /// <param name="options">Bounds.</param>
    /// <param name="time">The clock.</param>
    public BatchProcessor(ILedger ledger, IVectorStore store, IEmbeddingModel model, IChunker chunker, JobOptions options, TimeProvider time)
    {
        _ledger = ledger;
        _model = model;
        _chunker = chunker;
        _options = options;
        _time = time;
        _committer = new DocumentCommitter(ledger, new DocumentEmbedder(model), new PointWriter(store, options, time), time);
    }

    /// <summary>Processes a batch; see <see cref="IEmbeddingWorkerGrain.ProcessAsync"/>.</summary>
    /// <param name="request">The batch.</param>
    /// <param name="cancellationToken">Stops between units.</param>
    public async Task<BatchResult> ProcessAsync(BatchRequest request, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        var scope = request.Binding?.Key;
        var tally = new BatchTally(_time);
        var known = scope is { } key
            ? await _ledger.FindAsync(key, [.. request.Items.Select(item => item.Id).Distinct()], cancellationToken)
            : ImmutableDictionary<string, DocumentRecord>.Empty;
        var (documents, seen) = Prepare(request, known, tally, cancellationToken);

        IReadOnlyList<PreparedDocument> stored = documents;
        if (request.DryRun || scope is null)
        {
            documents.ForEach(tally.Stored);
        }
        else
        {
            stored = await _committer.StoreAsync(request, documents, seen, tally, cancellationToken);
            if (request.Sync == SyncMode.Mirror && seen.Count > 0)
            {
                await _ledger.TouchAsync(scope.Value, seen, request.Generation, cancellationToken);
            }
        }

        if (tally.Failures.Count > 0)
        {
            await _ledger.SaveFailuresAsync(request.Job, tally.Failures, cancellationToken);
        }

        return new BatchResult { Counters = tally.Counters, NextChunk = stored.FirstOrDefault(document => !document.IsLast)?.ChunkEnd };
    }

    /// <summary>Sorts the records out and cuts those that must be stored; also gives the ids that the source still has but that are not written.</summary>
    private (List<PreparedDocument> Documents, List<string> Seen) Prepare(
        BatchRequest request,
        IReadOnlyDictionary<string, DocumentRecord> known,
        BatchTally tally,
        CancellationToken cancellationToken)
    {
        var documents = new List<PreparedDocument>();
        var seen = new List<string>();
        var last = request.Items.Where(item => item.FaultCode is null).GroupBy(item => item.Id).ToDictionary(group => group.Key, group => group.Last().Ordinal);
        foreach (var item in request.Items)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var record = known.GetValueOrDefault(item.Id);
            if (item.FaultCode is { } code)
            {
                seen.Add(item.Id);
                tally.Failed(item, code, item.FaultReason ?? code, record is null && DocumentTriage.HidesDocuments(item));
                continue;
            }

            if (last[item.Id] != item.Ordinal)
            {
                tally.Superseded(item);
                continue;
            }

            Judge(request, item, record, documents, seen, tally);
        }

        return (documents, seen);
    }

    private void Judge(BatchRequest request, DocumentItem item, DocumentRecord? record, List<PreparedDocument> documents, List<string> seen, BatchTally tally)
    {
        var hash = ContentHash.Compute(item, _model.Info.Id, request.MaxTokens, request.OverlapTokens);
        switch (DocumentTriage.Judge(item, hash, record, request))
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
            case DocumentVerdict.Store:
                var document = Cut(request, item, hash, record);
                if (document.Chunks.Count == 0 && request.FirstChunk == 0)
                {
                    seen.Add(item.Id);
                    tally.Failed(item, ErrorCodes.EmptyDocument, "The document has no text.");
                }
                else
                {
                    documents.Add(document);
                }

                break;
        }
    }

    private PreparedDocument Cut(BatchRequest request, DocumentItem item, byte[] hash, DocumentRecord? known)
    {
        var options = new ChunkingOptions(request.MaxTokens, request.OverlapTokens);
        List<Chunk> chunks = [];
        foreach (var chunk in _chunker.Chunk(item.Text, item.Format, options).Skip(request.FirstChunk))
        {
            // Only a document that travels alone may take several calls; batches of several are bounded by their size.
            if (request.Items.Length == 1 && chunks.Count == _options.MaxChunksPerCall)
            {
                return new(item, hash, known, chunks, request.FirstChunk, IsLast: false);
            }

            chunks.Add(chunk);
        }

        return new(item, hash, known, chunks, request.FirstChunk, IsLast: true);
    }
}
