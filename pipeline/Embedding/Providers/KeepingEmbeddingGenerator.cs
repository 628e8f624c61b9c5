using Microsoft.Extensions.AI;
using Microsoft.Extensions.Logging;

namespace Quiver.Pipeline.Embedding.Providers;

/// <summary>
/// Puts what a request brought into the cache at once: when another request of the same call fails, or its caller has stopped waiting, what
/// was paid for is not lost. A failing cache costs money, never the call.
/// </summary>
internal sealed partial class KeepingEmbeddingGenerator(
    IEmbeddingGenerator<string, Embedding<float>> inner, EmbeddingModelInfo model, IEmbeddingCache cache, ILogger logger)
    : DelegatingEmbeddingGenerator<string, Embedding<float>>(inner)
{
    public override async Task<GeneratedEmbeddings<Embedding<float>>> GenerateAsync(
        IEnumerable<string> values, EmbeddingGenerationOptions? options = null, CancellationToken cancellationToken = default)
    {
        string[] texts = [.. values];
        var embeddings = await base.GenerateAsync(texts, options, cancellationToken);
        EmbeddingValidator.Validate(embeddings, texts.Length, model);
        try
        {
            await cache.PutAsync(model.Id, [.. texts.Select((text, i) => (TextHash.Compute(text), embeddings[i].Vector))], cancellationToken);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            LogNotKept(logger, e);
        }

        return embeddings;
    }

    [LoggerMessage(EventId = 3110, Level = LogLevel.Warning, Message = "Vectors that a provider made could not be kept in the embedding cache; they will be asked for again.")]
    private static partial void LogNotKept(ILogger logger, Exception exception);
}
