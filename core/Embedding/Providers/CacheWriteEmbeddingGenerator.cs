using Microsoft.Extensions.AI;
using Microsoft.Extensions.Logging;

namespace Quiver.Core.Embedding.Providers;

/// <summary>
/// Writes each request's answer to the cache: what was paid for is not lost when another request of the same call fails or the caller has
/// stopped waiting. The call waits for the cache only when <see cref="MaxPendingWrites"/> writes are pending. A failing cache costs money,
/// never the call.
/// </summary>
internal sealed partial class CacheWriteEmbeddingGenerator(
    IEmbeddingGenerator<string, Embedding<float>> inner, EmbeddingModelInfo model, IEmbeddingCache cache, ILogger logger)
    : DelegatingEmbeddingGenerator<string, Embedding<float>>(inner)
{
    private const int MaxPendingWrites = 64;

    private readonly SemaphoreSlim _pending = new(MaxPendingWrites, MaxPendingWrites);

    public override async Task<GeneratedEmbeddings<Embedding<float>>> GenerateAsync(
        IEnumerable<string> values, EmbeddingGenerationOptions? options = null, CancellationToken cancellationToken = default)
    {
        string[] texts = [.. values];
        var embeddings = await base.GenerateAsync(texts, options, cancellationToken);
        EmbeddingValidator.Validate(embeddings, texts.Length, model);
        if (EmbeddingCallContext.Of(options).SkipsCache)
        {
            return embeddings;
        }

        await _pending.WaitAsync(cancellationToken);
        _ = WriteAsync(EmbeddingCallContext.Of(options).CacheId(model), [.. texts.Select((text, i) => (TextHash.Compute(text), embeddings[i].Vector))]);
        return embeddings;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _pending.Dispose();
        }

        base.Dispose(disposing);
    }

    private async Task WriteAsync(string cacheId, IReadOnlyList<(byte[] TextHash, ReadOnlyMemory<float> Vector)> entries)
    {
        try
        {
            await cache.PutAsync(cacheId, entries, CancellationToken.None);
        }
        catch (Exception exception)
        {
            LogNotWritten(logger, exception);
        }
        finally
        {
            _pending.Release();
        }
    }

    [LoggerMessage(EventId = 3110, Level = LogLevel.Warning, Message = "A provider's vectors cannot be written to the embedding cache; they are requested again.")]
    private static partial void LogNotWritten(ILogger logger, Exception exception);
}
