using Quiver.Core.Ledger;
using Quiver.Core.Vectors;
using Quiver.GrainInterfaces.Workers;

namespace Quiver.Core.Documents;

/// <summary>Embeds and stores documents, and updates the ledger before and after the points are written. Thread-safe.</summary>
internal sealed class DocumentCommitter(IDocumentLedger ledger, DocumentEmbedder embedder, PointWriter writer, TimeProvider time)
{
    /// <summary>Returns the documents whose points of this call are acknowledged.</summary>
    /// <param name="request">The batch, with a binding.</param>
    /// <param name="documents">Its documents to store.</param>
    /// <param name="seen">Receives the ids of documents that the model or the store refused: the source still has them.</param>
    /// <param name="tally">Counts outcomes.</param>
    /// <param name="cancellationToken">Also stops the embedding call and the wait for a write in flight, which may still be stored.</param>
    public async Task<IReadOnlyList<ChunkedDocument>> StoreAsync(
        BatchRequest request,
        IReadOnlyList<ChunkedDocument> documents,
        List<string> seen,
        BatchTally tally,
        CancellationToken cancellationToken)
    {
        var binding = request.Binding ?? throw new ArgumentException("Storing needs a collection.", nameof(request));

        // Embedding precedes the intent: a document that the model refuses keeps its stored version, unless part of it is written already.
        List<ChunkedDocument> refused = [];
        var embedded = await embedder.EmbedAsync(documents, request, (document, error) => Refuse(refused, document, error), tally, cancellationToken);
        foreach (var document in refused)
        {
            await RemoveRefusedAsync(request, binding, document, tally, cancellationToken);
        }

        if (embedded.Count == 0)
        {
            return [];
        }

        var taken = await ledger.BeginAsync(binding.Key, [.. embedded.Select(document => Record(request, document, finished: false))], cancellationToken);
        foreach (var document in embedded.Where(document => taken.Contains(document.Id)))
        {
            tally.Superseded(document.Document);
        }

        embedded = [.. embedded.Where(document => !taken.Contains(document.Id))];
        List<ChunkedDocument> unstorable = [];
        var outcome = await WriteAsync(request, binding, embedded, (document, error) => Refuse(unstorable, document, error), cancellationToken);
        foreach (var document in unstorable)
        {
            // Some of its points may have replaced points of the stored version.
            await RemoveAsync(request, binding, document, Math.Max(document.Known?.ChunkCount ?? 0, document.ChunkEnd), tally, cancellationToken);
        }

        embedded = [.. embedded.Where(document => !unstorable.Contains(document))];
        var stored = await TrimAsync(request, binding, embedded, outcome, tally, cancellationToken);
        if (outcome.Superseded > 0 && stored.Count > 0)
        {
            outcome = await ReplaceAsync(request, binding, stored, cancellationToken);
        }

        tally.Add(new JobCounters { PointsWritten = outcome.Written });
        foreach (var document in stored)
        {
            tally.Stored(document);
        }

        var finished = stored.Where(document => document.IsLast).Select(document => Record(request, document, finished: true)).ToList();
        if (finished.Count > 0)
        {
            await ledger.CommitAsync(binding.Key, finished, cancellationToken);
        }

        return stored;

        void Refuse(List<ChunkedDocument> refusals, ChunkedDocument document, QuiverException error)
        {
            refusals.Add(document);
            seen.Add(document.Id);
            tally.Failed(document.Document, error.Code, error.Message);
        }
    }

    /// <summary>Writes the points; when the store refuses invalid points, bisects the documents until the faulty one is alone.</summary>
    private async Task<UpsertOutcome> WriteAsync(
        BatchRequest request,
        CollectionBinding binding,
        IReadOnlyList<ChunkedDocument> documents,
        Action<ChunkedDocument, InvalidDocumentException> refused,
        CancellationToken cancellationToken)
    {
        try
        {
            return await writer.WriteAsync(binding, request, documents, cancellationToken);
        }
        catch (InvalidDocumentException exception) when (documents.Count == 1)
        {
            refused(documents[0], exception);
            return default;
        }
        catch (InvalidDocumentException)
        {
            var half = documents.Count / 2;
            var first = await WriteAsync(request, binding, [.. documents.Take(half)], refused, cancellationToken);
            var second = await WriteAsync(request, binding, [.. documents.Skip(half)], refused, cancellationToken);
            return new(first.Written + second.Written, first.Superseded + second.Superseded);
        }
    }

    /// <summary>
    /// Deletes surplus points of earlier versions. Leaves out documents that a newer writer took while the points were being written: its
    /// points must not be deleted.
    /// </summary>
    private async Task<IReadOnlyList<ChunkedDocument>> TrimAsync(
        BatchRequest request,
        CollectionBinding binding,
        IReadOnlyList<ChunkedDocument> documents,
        UpsertOutcome outcome,
        BatchTally tally,
        CancellationToken cancellationToken)
    {
        if (outcome.Superseded == 0 && !documents.Any(document => document.HasSurplus))
        {
            return documents;
        }

        List<ChunkedDocument> own = [];
        var present = await ledger.FindAsync(binding.Key, [.. documents.Select(document => document.Id)], cancellationToken);
        foreach (var document in documents)
        {
            var row = present.GetValueOrDefault(document.Id);
            if (row is not null && (row.Generation, row.Epoch).CompareTo((request.Generation, request.Epoch)) > 0)
            {
                tally.Superseded(document.Document);
                continue;
            }

            own.Add(document);
            if (document.HasSurplus)
            {
                var deleted = await writer.DeleteAsync(binding, document.Id, document.ChunkEnd, document.Known!.ChunkCount, cancellationToken);
                tally.Add(new JobCounters { PointsDeleted = deleted });
            }
        }

        return own;
    }

    /// <summary>
    /// The store holds points of a later generation, but the ledger, which every writer updates first, has no later writer: the points are
    /// leftovers that the ledger has lost. They would fence off the current version forever, so they are deleted and written again.
    /// </summary>
    private async Task<UpsertOutcome> ReplaceAsync(
        BatchRequest request, CollectionBinding binding, IReadOnlyList<ChunkedDocument> documents, CancellationToken cancellationToken)
    {
        foreach (var document in documents)
        {
            await writer.DeleteAsync(binding, document.Id, document.FirstChunk, document.ChunkEnd, cancellationToken);
        }

        var outcome = await writer.WriteAsync(binding, request, documents, cancellationToken);
        return outcome.Superseded == 0
            ? outcome
            : throw new TransientException(ErrorCodes.ConcurrentWriter, $"Another job stores the same documents of collection {binding.Key.Collection} at the same time; the write is tried again.");
    }

    /// <summary>Removes what is stored of a document that the model refused, unless that is a complete version.</summary>
    private Task RemoveRefusedAsync(
        BatchRequest request, CollectionBinding binding, ChunkedDocument document, BatchTally tally, CancellationToken cancellationToken) =>
        document.Known is { ContentHash: not null } || (document.Known is null && StartedChunks(request, document) == 0)
            ? Task.CompletedTask
            : RemoveAsync(request, binding, document, document.Known?.ChunkCount ?? 0, tally, cancellationToken);

    /// <summary>
    /// Removes a partly stored document: half a document, or one half new and half old, must not be found. Keeps a newer job's points and row.
    /// </summary>
    private async Task RemoveAsync(
        BatchRequest request, CollectionBinding binding, ChunkedDocument document, int end, BatchTally tally, CancellationToken cancellationToken)
    {
        // An attempt may stop between any of these steps, and the next one may find that the text is accepted after all. While the ledger
        // has the row, that attempt continues behind the started chunks: those are deleted only when the row is gone.
        var (started, newer) = (StartedChunks(request, document), request.Generation + 1);
        var deleted = await writer.DeleteOlderAsync(binding, document.Id, started, end, newer, cancellationToken);
        await ledger.DeleteStaleAsync(binding.Key, [document.Id], newer, cancellationToken);
        deleted += await writer.DeleteOlderAsync(binding, document.Id, 0, started, newer, cancellationToken);
        tally.Add(new JobCounters { PointsDeleted = deleted });
    }

    /// <summary>Chunks of the document that earlier calls of the batch stored.</summary>
    private static int StartedChunks(BatchRequest request, ChunkedDocument document) =>
        request.From is { } cursor && document.Document.Ordinal == request.Documents[0].Ordinal ? cursor.Number : 0;

    private DocumentRecord Record(BatchRequest request, ChunkedDocument document, bool finished) => new()
    {
        Id = document.Id,
        Origin = document.Document.Origin,
        ContentHash = finished ? document.Hash : null,
        ChunkCount = document.ChunkEnd,
        Generation = request.Generation,
        Epoch = request.Epoch,
        IndexedAt = time.GetUtcNow(),
    };
}
