using Quiver.Pipeline.Embedding;

namespace Quiver.Pipeline.Batches;

/// <summary>Embeds the chunks of documents; a batch that the model refuses is halved until the guilty document stands alone.</summary>
internal sealed class DocumentEmbedder(IEmbeddingModel model)
{
    /// <summary>Documents with the vectors of their chunks. Guilty ones are missing, and are told of.</summary>
    /// <param name="documents">The documents.</param>
    /// <param name="refused">Called for each document that cannot be embedded.</param>
    /// <param name="tally">Counts texts sent and cached.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<IReadOnlyList<(PreparedDocument Document, IReadOnlyList<ReadOnlyMemory<float>> Vectors)>> EmbedAsync(
        IReadOnlyList<PreparedDocument> documents,
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
            return await EmbedTogetherAsync(documents, tally, cancellationToken);
        }
        catch (QuiverException e) when (e.Kind == FaultKind.InvalidInput && documents.Count == 1)
        {
            refused(documents[0], e);
            return [];
        }
        catch (QuiverException e) when (e.Kind == FaultKind.InvalidInput)
        {
            var half = documents.Count / 2;
            var first = await EmbedAsync([.. documents.Take(half)], refused, tally, cancellationToken);
            var second = await EmbedAsync([.. documents.Skip(half)], refused, tally, cancellationToken);
            return [.. first, .. second];
        }
    }

    private async Task<IReadOnlyList<(PreparedDocument Document, IReadOnlyList<ReadOnlyMemory<float>> Vectors)>> EmbedTogetherAsync(
        IReadOnlyList<PreparedDocument> documents,
        BatchTally tally,
        CancellationToken cancellationToken)
    {
        var texts = new List<string>(documents.Sum(document => document.Chunks.Count));
        foreach (var document in documents)
        {
            texts.AddRange(document.Chunks.Select(chunk => chunk.Text));
        }

        var embeddings = await model.Generator.GenerateAsync(texts, cancellationToken: cancellationToken);
        EmbeddingValidator.Validate(embeddings, texts.Count, model.Info);
        var (sent, hits) = EmbeddingUsage.Read(embeddings);
        tally.Add(new JobCounters { EmbeddedTexts = sent, CacheHits = hits });

        var result = new List<(PreparedDocument, IReadOnlyList<ReadOnlyMemory<float>>)>(documents.Count);
        var at = 0;
        foreach (var document in documents)
        {
            result.Add((document, [.. embeddings.Skip(at).Take(document.Chunks.Count).Select(embedding => embedding.Vector)]));
            at += document.Chunks.Count;
        }

        return result;
    }
}
