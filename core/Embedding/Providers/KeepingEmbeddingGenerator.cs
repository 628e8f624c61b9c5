using Microsoft.Extensions.AI;
using Microsoft.Extensions.Logging;

namespace Quiver.Core.Embedding.Providers;

/// <summary>
/// Puts what a request brought into the cache by itself: when another request of the same call fails, or its caller has stopped waiting, what
/// was paid for is not lost. Nobody waits for the cache unless it falls far behind, and a failing one costs money, never the call.
/// </summary>
internal sealed partial class KeepingEmbeddingGenerator(
    IEmbeddingGenerator<string, Embedding<float>> inner, EmbeddingModelInfo model, IEmbeddingCache cache, ILogger logger)
    : DelegatingEmbeddingGenerator<string, Embedding<float>>(inner)
{
    private const int MostBehind = 64;

    private readonly SemaphoreSlim _behind = new(MostBehind, MostBehind);

    public override async Task<GeneratedEmbeddings<Embedding<float>>> GenerateAsync(
        IEnumerable<string> values, EmbeddingGenerationOptions? options = null, CancellationToken cancellationToken = default)
    {
        string[] texts = [.. values];
        var embeddings = await base.GenerateAsync(texts, options, cancellationToken);
        EmbeddingValidator.Validate(embeddings, texts.Length, model);
        await _behind.WaitAsync(cancellationToken);
        _ = KeepAsync(EmbeddingRequestNotes.CacheIdOf(model, options), [.. texts.Select((text, i) => (TextHash.Compute(text), embeddings[i].Vector))]);
        return embeddings;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _behind.Dispose();
        }

        base.Dispose(disposing);
    }

    private async Task KeepAsync(string cacheId, IReadOnlyList<(byte[] TextHash, ReadOnlyMemory<float> Vector)> entries)
    {
        try
        {
            await cache.PutAsync(cacheId, entries, CancellationToken.None);
        }
        catch (Exception e)
        {
            LogNotKept(logger, e);
        }
        finally
        {
            _behind.Release();
        }
    }

    [LoggerMessage(EventId = 3110, Level = LogLevel.Warning, Message = "Vectors that a provider made could not be kept in the embedding cache; they will be asked for again.")]
    private static partial void LogNotKept(ILogger logger, Exception exception);
}
