using Microsoft.Extensions.AI;
using Quiver.Core.Embedding;
using Quiver.Core.Embedding.Metering;
using Quiver.GrainInterfaces.Workers;

namespace Quiver.Core.Documents;

/// <summary>
/// Embeds the chunks of documents. A document with a chunk that the model refuses is left out; where the model refuses a whole batch, it is
/// halved until the guilty document stands alone.
/// </summary>
internal sealed class DocumentEmbedder(IEmbeddingModel model, UsageMeters meters)
{
    /// <summary>
    /// Documents that a model refuses, all of the first ones of a job, before that is taken for a fault of its settings instead of theirs: asking text by text
    /// to the end of the source would find nothing else.
    /// </summary>
    public const int MostRefusedAtFirst = 16;

    /// <summary>Documents with the vectors of their chunks. Guilty ones are missing, and are told of.</summary>
    /// <param name="documents">The documents.</param>
    /// <param name="request">The batch that they are of.</param>
    /// <param name="refused">Called for each document that cannot be embedded.</param>
    /// <param name="tally">Counts texts sent and cached; what is paid for goes to the job's meter.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="PermanentException">With <see cref="ErrorCodes.RefusedText"/>: the model has refused everything so far.</exception>
    public async Task<IReadOnlyList<(PreparedDocument Document, IReadOnlyList<ReadOnlyMemory<float>> Vectors)>> EmbedAsync(
        IReadOnlyList<PreparedDocument> documents,
        BatchRequest request,
        Action<PreparedDocument, QuiverException> refused,
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
        catch (QuiverException e) when (e.Kind == FaultKind.InvalidInput && documents.Count == 1)
        {
            Refuse(documents[0], e);
            return [];
        }
        catch (QuiverException e) when (e.Kind == FaultKind.InvalidInput)
        {
            var half = documents.Count / 2;
            var first = await EmbedAsync([.. documents.Take(half)], request, refused, tally, cancellationToken);
            var second = await EmbedAsync([.. documents.Skip(half)], request, refused, tally, cancellationToken);
            return [.. first, .. second];
        }

        void Refuse(PreparedDocument document, QuiverException reason)
        {
            if (reason.Code == ErrorCodes.RefusedText && meters.Of(request.Job).Refused(document.Item.Id, request.Epoch, MostRefusedAtFirst))
            {
                throw new PermanentException(
                    ErrorCodes.RefusedText,
                    $"The model {model.Info.Id} refused each of the first {MostRefusedAtFirst} documents that it got and accepted none, so it is hardly for their text: mend its settings, then retry the job. The last refusal: {reason.Message}",
                    reason);
            }

            refused(document, reason);
        }
    }

    private async Task<IReadOnlyList<(PreparedDocument Document, IReadOnlyList<ReadOnlyMemory<float>> Vectors)>> EmbedTogetherAsync(
        IReadOnlyList<PreparedDocument> documents,
        BatchRequest request,
        Action<PreparedDocument, QuiverException> refused,
        BatchTally tally,
        CancellationToken cancellationToken)
    {
        var texts = new List<string>(documents.Sum(document => document.Chunks.Count));
        foreach (var document in documents)
        {
            texts.AddRange(document.Chunks.Select(chunk => chunk.Text));
        }

        var meter = meters.Of(request.Job);
        var embeddings = await model.Generator.GenerateAsync(texts, EmbeddingCallContext.ForJob(request.Job, request.MaxAtModel, meter).ToOptions(), cancellationToken);
        Count(embeddings, meter, tally);
        EmbeddingValidator.Validate(embeddings, texts.Count, model.Info, refusalsAllowed: true);

        var result = new List<(PreparedDocument, IReadOnlyList<ReadOnlyMemory<float>>)>(documents.Count);
        var at = 0;
        foreach (var document in documents)
        {
            var own = embeddings.Skip(at).Take(document.Chunks.Count).ToList();
            at += document.Chunks.Count;
            if (own.Select(EmbeddingRefusal.Find).FirstOrDefault(reason => reason is not null) is { } reason)
            {
                refused(document, reason);
            }
            else
            {
                result.Add((document, [.. own.Select(embedding => embedding.Vector)]));
            }
        }

        return result;
    }

    private void Count(GeneratedEmbeddings<Embedding<float>> embeddings, UsageMeter meter, BatchTally tally)
    {
        var (sent, hits) = EmbeddingUsage.Read(embeddings);
        tally.Embedded(sent, hits);
        if (!model.IsRemote && sent > 0)
        {
            // A remote one is metered where its requests are answered: the answers to some may be all that there is of a call.
            var tokens = embeddings.Usage?.InputTokenCount ?? 0;
            meter.Answered(sent, tokens, ModelPrice.Of(model.PricePerMillionTokens, tokens));
        }
    }
}
