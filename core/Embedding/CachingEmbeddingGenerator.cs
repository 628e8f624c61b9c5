using Microsoft.Extensions.AI;
using Microsoft.Extensions.Logging;

namespace Quiver.Core.Embedding;

/// <summary>
/// Sends each distinct text to the model at most once: equal texts of a call share a vector, and cached texts are not sent. The answer's
/// <see cref="GeneratedEmbeddings{T}.Usage"/> holds the tokens computed, and its <see cref="EmbeddingUsage"/> the texts sent and the cache
/// hits, where a duplicate counts as a hit. A failing cache costs time, never the call.
/// </summary>
public sealed partial class CachingEmbeddingGenerator : DelegatingEmbeddingGenerator<string, Embedding<float>>
{
    private readonly EmbeddingModelInfo _model;
    private readonly IEmbeddingCache _cache;
    private readonly ILogger _logger;
    private readonly bool _writes;

    /// <summary>Creates the decorator.</summary>
    /// <param name="inner">The model.</param>
    /// <param name="model">The model's identity; part of the cache key.</param>
    /// <param name="cache">The cache.</param>
    /// <param name="logger">Receives warnings about the cache.</param>
    /// <param name="writes">Whether new vectors are written to the cache here; false where an inner decorator does that earlier. Default: true.</param>
    public CachingEmbeddingGenerator(
        IEmbeddingGenerator<string, Embedding<float>> inner,
        EmbeddingModelInfo model,
        IEmbeddingCache cache,
        ILogger<CachingEmbeddingGenerator> logger,
        bool writes = true)
        : base(inner) => (_model, _cache, _logger, _writes) = (model, cache, logger, writes);

    /// <inheritdoc/>
    public override async Task<GeneratedEmbeddings<Embedding<float>>> GenerateAsync(
        IEnumerable<string> values, EmbeddingGenerationOptions? options = null, CancellationToken cancellationToken = default)
    {
        var context = EmbeddingCallContext.Of(options);
        if (context.SkipsCache)
        {
            return await base.GenerateAsync(values, options, cancellationToken);
        }

        var batch = new DistinctTexts(values);
        var cacheId = context.CacheId(_model);
        var vectors = await ReadCacheAsync(cacheId, batch, cancellationToken);
        var missing = Enumerable.Range(0, vectors.Length).Where(index => vectors[index] is null).ToArray();
        var tokens = 0L;
        var refused = new Dictionary<int, Embedding<float>>();
        if (missing.Length > 0)
        {
            var fresh = await base.GenerateAsync(missing.Select(index => batch.Texts[index]), options, cancellationToken);
            EmbeddingValidator.Validate(fresh, missing.Length, _model, refusalsAllowed: true);
            for (var i = 0; i < missing.Length; i++)
            {
                vectors[missing[i]] = fresh[i].Vector;
                if (EmbeddingRefusal.Find(fresh[i]) is not null)
                {
                    refused.Add(missing[i], fresh[i]);
                }
            }

            tokens = fresh.Usage?.InputTokenCount ?? 0;
            if (_writes)
            {
                var entries = missing.Where(index => !refused.ContainsKey(index)).Select(index => (batch.Hashes[index], vectors[index].GetValueOrDefault()));
                await WriteCacheAsync(cacheId, [.. entries], cancellationToken);
            }
        }

        return new(batch.Indices.Select(AnswerOf))
        {
            Usage = new UsageDetails { InputTokenCount = tokens, TotalTokenCount = tokens },
            AdditionalProperties = EmbeddingUsage.Create(missing.Length, batch.Indices.Count - missing.Length),
        };

        Embedding<float> AnswerOf(int index) =>
            refused.GetValueOrDefault(index) ?? new Embedding<float>(vectors[index].GetValueOrDefault()) { ModelId = _model.Id };
    }

    private async Task<ReadOnlyMemory<float>?[]> ReadCacheAsync(string cacheId, DistinctTexts batch, CancellationToken cancellationToken)
    {
        var vectors = new ReadOnlyMemory<float>?[batch.Texts.Count];
        try
        {
            var found = await _cache.GetAsync(cacheId, batch.Hashes, cancellationToken);
            for (var i = 0; i < vectors.Length; i++)
            {
                // A damaged entry counts as a miss and is overwritten: it must not fail the same text every time.
                if (found[i] is { } vector && EmbeddingValidator.IsValid(vector, _model))
                {
                    vectors[i] = vector;
                }
            }
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            LogReadFailed(_logger, exception);
        }

        return vectors;
    }

    private async Task WriteCacheAsync(
        string cacheId, IReadOnlyList<(byte[] TextHash, ReadOnlyMemory<float> Vector)> entries, CancellationToken cancellationToken)
    {
        try
        {
            await _cache.PutAsync(cacheId, entries, cancellationToken);
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            LogWriteFailed(_logger, exception);
        }
    }

    [LoggerMessage(EventId = 3101, Level = LogLevel.Warning, Message = "The embedding cache cannot be read; the texts are embedded again.")]
    private static partial void LogReadFailed(ILogger logger, Exception exception);

    [LoggerMessage(EventId = 3102, Level = LogLevel.Warning, Message = "Vectors cannot be written to the embedding cache; they are computed again next time.")]
    private static partial void LogWriteFailed(ILogger logger, Exception exception);

    /// <summary>The distinct texts of a call, in order of first appearance.</summary>
    private sealed class DistinctTexts
    {
        private readonly List<string> _texts = [];
        private readonly List<int> _indices = [];

        public DistinctTexts(IEnumerable<string> values)
        {
            var known = new Dictionary<string, int>(StringComparer.Ordinal);
            foreach (var text in values)
            {
                if (!known.TryGetValue(text, out var index))
                {
                    known.Add(text, index = _texts.Count);
                    _texts.Add(text);
                }

                _indices.Add(index);
            }

            Hashes = [.. _texts.Select(TextHash.Compute)];
        }

        public IReadOnlyList<string> Texts => _texts;

        public IReadOnlyList<byte[]> Hashes { get; }

        /// <summary>For each text of the call its index in <see cref="Texts"/>.</summary>
        public IReadOnlyList<int> Indices => _indices;
    }
}
