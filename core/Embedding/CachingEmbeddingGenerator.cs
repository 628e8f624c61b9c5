using Microsoft.Extensions.AI;
using Microsoft.Extensions.Logging;
using Quiver.Core.Embedding.Providers;

namespace Quiver.Core.Embedding;

/// <summary>
/// Sends each distinct text to the model at most once: equal texts of a call share a vector, and what the cache knows is not sent.
/// What a call cost is noted as <see cref="EmbeddingUsage"/> says, a duplicate counting as a hit, and the tokens computed are in
/// <see cref="GeneratedEmbeddings{T}.Usage"/>. A failing cache costs time, never the call.
/// </summary>
public sealed partial class CachingEmbeddingGenerator : DelegatingEmbeddingGenerator<string, Embedding<float>>
{
    private readonly EmbeddingModelInfo _model;
    private readonly IEmbeddingCache _cache;
    private readonly ILogger _logger;
    private readonly bool _keeps;

    /// <summary>Creates the decorator.</summary>
    /// <param name="inner">The model.</param>
    /// <param name="model">What it is; part of the key.</param>
    /// <param name="cache">The cache.</param>
    /// <param name="logger">Takes warnings about the cache.</param>
    /// <param name="keeps">Whether what the model made is put into the cache here; false where somebody further inside does that earlier.</param>
    public CachingEmbeddingGenerator(
        IEmbeddingGenerator<string, Embedding<float>> inner, EmbeddingModelInfo model, IEmbeddingCache cache, ILogger<CachingEmbeddingGenerator> logger, bool keeps = true)
        : base(inner) => (_model, _cache, _logger, _keeps) = (model, cache, logger, keeps);

    /// <inheritdoc/>
    public override async Task<GeneratedEmbeddings<Embedding<float>>> GenerateAsync(
        IEnumerable<string> values, EmbeddingGenerationOptions? options = null, CancellationToken cancellationToken = default)
    {
        var batch = new DistinctTexts(values);
        var cacheId = EmbeddingRequestNotes.CacheIdOf(_model, options);
        var vectors = await LookUpAsync(cacheId, batch, cancellationToken);
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
            if (_keeps)
            {
                await KeepAsync(cacheId, [.. missing.Where(index => !refused.ContainsKey(index)).Select(index => (batch.Hashes[index], vectors[index].GetValueOrDefault()))], cancellationToken);
            }
        }

        return new(batch.Places.Select(place => refused.GetValueOrDefault(place) ?? new Embedding<float>(vectors[place].GetValueOrDefault()) { ModelId = _model.Id }))
        {
            Usage = new UsageDetails { InputTokenCount = tokens, TotalTokenCount = tokens },
            AdditionalProperties = new AdditionalPropertiesDictionary
            {
                [EmbeddingUsage.EmbeddedTexts] = missing.Length,
                [EmbeddingUsage.CacheHits] = batch.Places.Count - missing.Length,
            },
        };
    }

    private async Task<ReadOnlyMemory<float>?[]> LookUpAsync(string cacheId, DistinctTexts batch, CancellationToken cancellationToken)
    {
        var vectors = new ReadOnlyMemory<float>?[batch.Texts.Count];
        try
        {
            var found = await _cache.GetAsync(cacheId, batch.Hashes, cancellationToken);
            for (var i = 0; i < vectors.Length; i++)
            {
                // A damaged entry is as good as none, and overwritten by the new vector: it must not fail the same text for good.
                if (found[i] is { } vector && EmbeddingValidator.IsValid(vector, _model))
                {
                    vectors[i] = vector;
                }
            }
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            LogLookUpFailed(_logger, e);
        }

        return vectors;
    }

    private async Task KeepAsync(string cacheId, IReadOnlyList<(byte[] TextHash, ReadOnlyMemory<float> Vector)> entries, CancellationToken cancellationToken)
    {
        try
        {
            await _cache.PutAsync(cacheId, entries, cancellationToken);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            LogKeepFailed(_logger, e);
        }
    }

    [LoggerMessage(EventId = 3101, Level = LogLevel.Warning, Message = "The embedding cache could not be read; the texts are computed again.")]
    private static partial void LogLookUpFailed(ILogger logger, Exception exception);

    [LoggerMessage(EventId = 3102, Level = LogLevel.Warning, Message = "Vectors could not be kept in the embedding cache; they will be computed again next time.")]
    private static partial void LogKeepFailed(ILogger logger, Exception exception);
}
