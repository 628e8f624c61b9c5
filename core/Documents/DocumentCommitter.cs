using Quiver.Core.Ledger;
using Quiver.Core.Vectors;
using Quiver.GrainInterfaces.Workers;

namespace Quiver.Core.Documents;

/// <summary>Takes prepared documents to acknowledged points, and tells the ledger before and after. Thread-safe.</summary>
internal sealed class DocumentCommitter(IDocumentLedger ledger, DocumentEmbedder embedder, PointWriter writer, TimeProvider time)
{
    private readonly DocumentRemnants _remnants = new(ledger, writer);

    /// <summary>Embeds and stores; gives the documents whose points of this call are acknowledged.</summary>
    /// <param name="request">The batch, with a binding.</param>
    /// <param name="documents">Its documents that must be stored.</param>
    /// <param name="seen">Gets the ids of those that the model or the store refused: the source still has them.</param>
    /// <param name="tally">Counts.</param>
    /// <param name="cancellationToken">Stops between steps.</param>
    public async Task<IReadOnlyList<PreparedDocument>> StoreAsync(
        BatchRequest request,
        IReadOnlyList<PreparedDocument> documents,
        List<string> seen,
        BatchTally tally,
        CancellationToken cancellationToken)
    {
        var binding = request.Binding ?? throw new ArgumentException("Storing needs a collection.", nameof(request));

        // Embedding comes before the intent: what the model refuses leaves the version stored before untouched, unless some of it was written already.
        List<PreparedDocument> refused = [];
        var embedded = await embedder.EmbedAsync(documents, request, Refuse, tally, cancellationToken);
        foreach (var document in refused)
        {
            await _remnants.RemoveAsync(binding, request, document, tally, cancellationToken);
        }

        if (embedded.Count == 0)
        {
            return [];
        }

        var taken = await ledger.BeginAsync(binding.Key, [.. embedded.Select(entry => Record(request, entry.Document, finished: false))], cancellationToken);
        foreach (var (document, _) in embedded.Where(entry => taken.Contains(entry.Document.Item.Id)))
        {
            tally.Superseded(document.Item);
        }

        embedded = [.. embedded.Where(entry => !taken.Contains(entry.Document.Item.Id))];
        List<PreparedDocument> unstorable = [];
        var outcome = await WriteAsync(
            request,
            binding,
            embedded,
            (document, error) =>
            {
                unstorable.Add(document);
                seen.Add(document.Item.Id);
                tally.Failed(document.Item, error.Code, error.Message);
            },
            cancellationToken);
        foreach (var document in unstorable)
        {
            await _remnants.RemoveBegunAsync(binding, request, document, tally, cancellationToken);
        }

        embedded = [.. embedded.Where(entry => !unstorable.Contains(entry.Document))];
        var stored = await TrimAsync(request, binding, [.. embedded.Select(entry => entry.Document)], outcome, tally, cancellationToken);
        if (outcome.Superseded > 0 && stored.Count > 0)
        {
            outcome = await ReplaceAsync(request, binding, [.. embedded.Where(entry => stored.Contains(entry.Document))], cancellationToken);
        }

        tally.Add(new JobCounters { PointsWritten = outcome.Written });
        stored.ForEach(tally.Stored);
        var finished = stored.Where(document => document.IsLast).Select(document => Record(request, document, finished: true)).ToList();
        if (finished.Count > 0)
        {
            await ledger.CommitAsync(binding.Key, finished, cancellationToken);
        }

        return stored;

        void Refuse(PreparedDocument document, QuiverException error)
        {
            refused.Add(document);
            seen.Add(document.Item.Id);
            tally.Failed(document.Item, error.Code, error.Message);
        }
    }

    /// <summary>Writes documents' points; where the store refuses one for what it is, the documents are halved until the guilty one stands alone.</summary>
    private async Task<UpsertOutcome> WriteAsync(
        BatchRequest request,
        CollectionBinding binding,
        IReadOnlyList<(PreparedDocument Document, IReadOnlyList<ReadOnlyMemory<float>> Vectors)> embedded,
        Action<PreparedDocument, InvalidDocumentException> refused,
        CancellationToken cancellationToken)
    {
        try
        {
            return await writer.WriteAsync(binding, request, embedded, cancellationToken);
        }
        catch (InvalidDocumentException e) when (embedded.Count == 1)
        {
            refused(embedded[0].Document, e);
            return default;
        }
        catch (InvalidDocumentException)
        {
            var half = embedded.Count / 2;
            var first = await WriteAsync(request, binding, [.. embedded.Take(half)], refused, cancellationToken);
            var second = await WriteAsync(request, binding, [.. embedded.Skip(half)], refused, cancellationToken);
            return new(first.Written + second.Written, first.Superseded + second.Superseded);
        }
    }

    /// <summary>
    /// Deletes the points that an earlier version had more of. Documents that somebody newer took while the points were on their way are
    /// left to him: his points must not be deleted.
    /// </summary>
    private async Task<List<PreparedDocument>> TrimAsync(
        BatchRequest request,
        CollectionBinding binding,
        List<PreparedDocument> documents,
        UpsertOutcome outcome,
        BatchTally tally,
        CancellationToken cancellationToken)
    {
        if (outcome.Superseded == 0 && !documents.Exists(document => document.HasSurplus))
        {
            return documents;
        }

        List<PreparedDocument> own = [];
        var present = await ledger.FindAsync(binding.Key, [.. documents.Select(document => document.Item.Id)], cancellationToken);
        foreach (var document in documents)
        {
            var row = present.GetValueOrDefault(document.Item.Id);
            if (row is not null && (row.Generation, row.Epoch).CompareTo((request.Generation, request.Epoch)) > 0)
            {
                tally.Superseded(document.Item);
                continue;
            }

            own.Add(document);
            if (document.HasSurplus)
            {
                var deleted = await writer.DeleteAsync(binding, document.Item.Id, document.ChunkEnd, document.Known!.ChunkCount, cancellationToken);
                tally.Add(new JobCounters { PointsDeleted = deleted });
            }
        }

        return own;
    }

    /// <summary>
    /// The store has points of a later generation, and the ledger, which every writer tells before it writes, knows of no later writer:
    /// they are from a life that the ledger has lost. They would fence off what is true now, for good.
    /// </summary>
    private async Task<UpsertOutcome> ReplaceAsync(
        BatchRequest request,
        CollectionBinding binding,
        IReadOnlyList<(PreparedDocument Document, IReadOnlyList<ReadOnlyMemory<float>> Vectors)> embedded,
        CancellationToken cancellationToken)
    {
        foreach (var (document, _) in embedded)
        {
            await writer.DeleteAsync(binding, document.Item.Id, document.FirstChunk, document.ChunkEnd, cancellationToken);
        }

        var outcome = await writer.WriteAsync(binding, request, embedded, cancellationToken);
        return outcome.Superseded == 0
            ? outcome
            : throw new TransientException(ErrorCodes.SourceChanged, $"Somebody else writes the same documents of collection {binding.Key.Collection} at the same time.");
    }

    private DocumentRecord Record(BatchRequest request, PreparedDocument document, bool finished) => new()
    {
        Id = document.Item.Id,
        Origin = document.Item.Origin,
        ContentHash = finished ? document.Hash : null,
        ChunkCount = document.ChunkEnd,
        Generation = request.Generation,
        Epoch = request.Epoch,
        IndexedAt = time.GetUtcNow(),
    };
}
