using Microsoft.Extensions.AI;
using Quiver.Core.Embedding.Metering;

namespace Quiver.Core.Embedding;

/// <summary>
/// What travels with an embedding call through the decorators: the tenant, the job's limit, the usage meter, the token count of a request.
/// Immutable; carried by <see cref="EmbeddingGenerationOptions.AdditionalProperties"/> under one key.
/// </summary>
/// <param name="Tenant">The tenant whose share of a provider's budget the call takes.</param>
public sealed record EmbeddingCallContext(TenantId Tenant)
{
    private const string Key = "quiver.call";

    // Calls without a context share one tenant.
    private static readonly EmbeddingCallContext Default = new(TenantId.Parse("quiver"));

    /// <summary>Whether the texts are search queries. Default: false, they are documents.</summary>
    public bool IsQuery { get; init; }

    /// <summary>The job that the call belongs to, and how many of its batches can be at the model at a time; null for no limit.</summary>
    internal (JobKey Job, int MaxAtModel)? JobLimit { get; private init; }

    /// <summary>Counts what the call uses; null for none.</summary>
    internal UsageMeter? Meter { get; private init; }

    /// <summary>Runs before texts that the cache does not have are sent to a remote model; a fault of it is that of the call. Null for nothing.</summary>
    internal Func<CancellationToken, Task>? BeforeSending { get; init; }

    /// <summary>Whether the model itself has to answer: the cache is neither read nor written. Default: false.</summary>
    internal bool SkipsCache { get; init; }

    /// <summary>Tokens of the request, as Quiver counts them; 0 for a call that is not split into requests yet.</summary>
    internal int Tokens { get; private init; }

    /// <summary>The context of a call; that of the tenant <c>quiver</c> where the options have none.</summary>
    /// <param name="options">The options of a call or a request.</param>
    public static EmbeddingCallContext Of(EmbeddingGenerationOptions? options) =>
        options?.AdditionalProperties?.TryGetValue(Key, out EmbeddingCallContext? context) == true && context is not null ? context : Default;

    /// <summary>The options of a call with this context.</summary>
    public EmbeddingGenerationOptions ToOptions() => new() { AdditionalProperties = new AdditionalPropertiesDictionary { [Key] = this } };

    /// <summary>The context of a call for a batch of a job.</summary>
    /// <param name="job">The job.</param>
    /// <param name="maxAtModel">Batches of the job that can be at the model at a time; 0 for no limit.</param>
    /// <param name="meter">Counts what the job uses.</param>
    internal static EmbeddingCallContext ForJob(JobKey job, int maxAtModel, UsageMeter meter) =>
        new(job.Tenant) { Meter = meter, JobLimit = maxAtModel > 0 ? (job, maxAtModel) : null };

    /// <summary>The context of one request of this call.</summary>
    internal EmbeddingCallContext ForRequest(int tokens) => this with { Tokens = tokens, JobLimit = null };

    /// <summary>The model's id in the cache, marked for search queries where these have vectors of their own. No model id contains the mark.</summary>
    internal string CacheId(EmbeddingModelInfo model) => IsQuery && model.QueryRevision is { } revision ? $"{model.Id}?{revision}" : model.Id;
}

/// <summary>How a call was answered, as decorators note it in <see cref="GeneratedEmbeddings{T}.AdditionalProperties"/>.</summary>
public static class EmbeddingUsage
{
    /// <summary>Texts that were sent to the model: an <see cref="int"/>.</summary>
    public const string EmbeddedTexts = "quiver.embedded_texts";

    /// <summary>Texts that the cache answered: an <see cref="int"/>.</summary>
    public const string CacheHits = "quiver.cache_hits";

    /// <summary>Reads the counts; where there are none, every text was sent.</summary>
    /// <param name="embeddings">The answer.</param>
    public static (int EmbeddedTexts, int CacheHits) Read(GeneratedEmbeddings<Embedding<float>> embeddings)
    {
        ArgumentNullException.ThrowIfNull(embeddings);
        return embeddings.AdditionalProperties is { } properties
            && properties.TryGetValue(EmbeddedTexts, out var sent)
            && properties.TryGetValue(CacheHits, out var hits)
            ? ((int)sent!, (int)hits!)
            : (embeddings.Count, 0);
    }

    internal static AdditionalPropertiesDictionary Create(int embeddedTexts, int cacheHits) =>
        new() { [EmbeddedTexts] = embeddedTexts, [CacheHits] = cacheHits };
}

/// <summary>The answer for a text that the provider refuses while it accepts the others: an embedding without a vector, with the reason.</summary>
public static class EmbeddingRefusal
{
    private const string Key = "quiver.refusal";

    /// <summary>Creates an embedding without a vector.</summary>
    /// <param name="reason">The refusal.</param>
    public static Embedding<float> Create(QuiverException reason) =>
        new(ReadOnlyMemory<float>.Empty) { AdditionalProperties = new AdditionalPropertiesDictionary { [Key] = reason } };

    /// <summary>Why a text has no vector; null when it has one.</summary>
    /// <param name="embedding">The answer for the text.</param>
    public static QuiverException? Find(Embedding<float> embedding)
    {
        ArgumentNullException.ThrowIfNull(embedding);
        return embedding.AdditionalProperties?.TryGetValue(Key, out QuiverException? reason) == true ? reason : null;
    }
}
