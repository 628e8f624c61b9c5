using Microsoft.Extensions.AI;
using Quiver.Core.Embedding;
using Quiver.Core.Embedding.Metering;
using Quiver.GrainInterfaces.Workers;

namespace Quiver.Core.Documents;

/// <summary>
/// Embeds the chunks of documents. Leaves out a document with a chunk that the model refuses; when the model refuses a whole request,
/// bisects it until the faulty document is alone.
/// </summary>
internal sealed class DocumentEmbedder(IEmbeddingModel model, UsageMeters meters, ModelCheck check)
{
    /// <summary>
    /// When the model refuses this many documents of a job and has accepted none, its settings are at fault, not the documents: the job stops
    /// instead of trying every text of the source.
    /// </summary>
    public const int MaxFirstRefusals = 16;

    /// <summary>Returns the documents with the vectors of their chunks, without those that the model refused.</summary>
    /// <param name="documents">The documents.</param>
    /// <param name="request">Their batch.</param>
    /// <param name="refused">Called for each document that the model refused.</param>
    /// <param name="tally">Counts texts embedded and cached; the job's meter counts usage.</param>
    /// <param name="cancellationToken">Stops the requests.</param>
    /// <exception cref="PermanentException">With <see cref="ErrorCodes.RefusedText"/>: the model has refused everything so far.</exception>
    public async Task<IReadOnlyList<ChunkedDocument>> EmbedAsync(
        IReadOnlyList<ChunkedDocument> documents,
        BatchRequest request,
        Action<ChunkedDocument, QuiverException> refused,
        BatchTally tally,
        CancellationToken cancellationToken)
    {
        if (documents.Count == 0)
        {
            return [];
        }

        try
        {
            return await EmbedTogetherAsync(documents, request, Refuse, tally, cancellationToken);
        }
        catch (QuiverException exception) when (exception.Kind == FaultKind.InvalidInput && documents.Count == 1)
        {
            Refuse(documents[0], exception);
            return [];
        }
        catch (QuiverException exception) when (exception.Kind == FaultKind.InvalidInput)
        {
            var half = documents.Count / 2;
            var first = await EmbedAsync([.. documents.Take(half)], request, refused, tally, cancellationToken);
            var second = await EmbedAsync([.. documents.Skip(half)], request, refused, tally, cancellationToken);
            return [.. first, .. second];
        }

        void Refuse(ChunkedDocument document, QuiverException reason)
        {
            if (reason.Code == ErrorCodes.RefusedText && meters.Of(request.Job).Refused(document.Id, request.Epoch, MaxFirstRefusals))
            {
                throw new PermanentException(
                    ErrorCodes.RefusedText,
                    $"The model {model.Info.Id} refused each of the first {MaxFirstRefusals} documents and accepted none, so the texts are hardly the cause: fix its settings, then retry the job. The last refusal: {reason.Message}",
                    reason);
            }

            refused(document, reason);
        }
    }

    /// <summary>Embeds sentences, to compare them: for each its vector, or an empty one where the model refuses it.</summary>
    public async Task<IReadOnlyList<ReadOnlyMemory<float>>> EmbedSentencesAsync(
        IReadOnlyList<string> sentences, BatchRequest request, CancellationToken cancellationToken)
    {
        var meter = meters.Of(request.Job);
        try
        {
            var embeddings = await model.Generator.GenerateAsync(
                sentences, EmbeddingCallContext.ForJob(request.Job, request.MaxAtModel, meter).ToOptions(), cancellationToken);
            Count(embeddings, meter);
            EmbeddingValidator.Validate(embeddings, sentences.Count, model.Info, refusalsAllowed: true);
            return [.. embeddings.Select(embedding => embedding.Vector)];
        }
        catch (QuiverException exception) when (exception.Kind == FaultKind.InvalidInput)
        {
            // The chunks with these sentences meet the same refusal, and it is reported there.
            return new ReadOnlyMemory<float>[sentences.Count];
        }
    }

    private async Task<IReadOnlyList<ChunkedDocument>> EmbedTogetherAsync(
        IReadOnlyList<ChunkedDocument> documents,
        BatchRequest request,
        Action<ChunkedDocument, QuiverException> refused,
        BatchTally tally,
        CancellationToken cancellationToken)
    {
        var texts = new List<string>(documents.Sum(document => document.Chunks.Count));
        foreach (var document in documents)
        {
            texts.AddRange(document.Chunks.Select(chunk => chunk.EmbeddedText));
        }

        var meter = meters.Of(request.Job);
        var context = EmbeddingCallContext.ForJob(request.Job, request.MaxAtModel, meter) with
        {
            BeforeSending = request.Binding is { } binding ? token => check.RequireAsync(binding, model, token) : null,
        };
        var embeddings = await model.Generator.GenerateAsync(texts, context.ToOptions(), cancellationToken);
        var (sent, hits) = Count(embeddings, meter);
        tally.Embedded(sent, hits);
        EmbeddingValidator.Validate(embeddings, texts.Count, model.Info, refusalsAllowed: true);

        var result = new List<ChunkedDocument>(documents.Count);
        var start = 0;
        foreach (var document in documents)
        {
            var own = embeddings.Skip(start).Take(document.Chunks.Count).ToList();
            start += document.Chunks.Count;
            if (own.Select(EmbeddingRefusal.Find).FirstOrDefault(reason => reason is not null) is { } reason)
            {
                refused(document, reason);
            }
            else
            {
                result.Add(document with { Vectors = [.. own.Select(embedding => embedding.Vector)] });
            }
        }

        return result;
    }

    /// <summary>Meters a local model; returns the texts that the model and the cache answered.</summary>
    private (int Sent, int Hits) Count(GeneratedEmbeddings<Embedding<float>> embeddings, UsageMeter meter)
    {
        var (sent, hits) = EmbeddingUsage.Read(embeddings);
        if (!model.IsRemote && sent > 0)
        {
            // A remote model is metered per answered request instead: a failed call may have answered requests.
            var tokens = embeddings.Usage?.InputTokenCount ?? 0;
            meter.Answered(sent, tokens, ModelPrice.Of(model.PricePerMillionTokens, tokens));
        }

        return (sent, hits);
    }
}
