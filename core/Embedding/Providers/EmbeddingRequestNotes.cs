using Microsoft.Extensions.AI;
using Quiver.Core.Embedding.Metering;

namespace Quiver.Core.Embedding.Providers;

/// <summary>What travels with a call through the decorators: for whom it is, who counts what it takes, and how many tokens a request has.</summary>
public static class EmbeddingRequestNotes
{
    private const string TenantKey = "quiver.tenant";
    private const string PlacesKey = "quiver.places";
    private const string MeterKey = "quiver.meter";
    private const string TokensKey = "quiver.tokens";
    private const string QueryKey = "quiver.query";
    private static readonly TenantId Nobody = TenantId.Parse("quiver");

    /// <summary>The options of a call on behalf of a tenant.</summary>
    /// <param name="tenant">Whose share of a provider's budget the call takes.</param>
    public static EmbeddingGenerationOptions For(TenantId tenant) =>
        new() { AdditionalProperties = new AdditionalPropertiesDictionary { [TenantKey] = tenant } };

    /// <summary>The options of a call for a search query of a tenant.</summary>
    /// <param name="tenant">Whose share of a provider's budget the call takes.</param>
    public static EmbeddingGenerationOptions ForQuery(TenantId tenant)
    {
        var options = For(tenant);
        options.AdditionalProperties![QueryKey] = true;
        return options;
    }

    /// <summary>Whether the texts are search queries; documents without a note.</summary>
    /// <param name="options">The options of a call or of one request.</param>
    public static bool IsQuery(EmbeddingGenerationOptions? options) => options?.AdditionalProperties?.TryGetValue(QueryKey, out bool query) == true && query;

    /// <summary>
    /// What a cache knows the call's vectors by: the model's id, marked for search queries where they get vectors of their own. No id holds the mark.
    /// </summary>
    /// <param name="model">The model.</param>
    /// <param name="options">The call's options.</param>
    internal static string CacheIdOf(EmbeddingModelInfo model, EmbeddingGenerationOptions? options) =>
        model.QueryRevision is { } revision && IsQuery(options) ? $"{model.Id}?{revision}" : model.Id;

    /// <summary>The options of a call for a batch of a job.</summary>
    /// <param name="job">The job.</param>
    /// <param name="most">Batches of it that may be at the model at a time; 0 for no bound.</param>
    /// <param name="meter">Counts what the job uses.</param>
    internal static EmbeddingGenerationOptions For(JobKey job, int most, UsageMeter meter)
    {
        var options = For(job.Tenant);
        options.AdditionalProperties![MeterKey] = meter;
        if (most > 0)
        {
            options.AdditionalProperties[PlacesKey] = (job, most);
        }

        return options;
    }

    /// <summary>The bound of the call's job; null when there is none.</summary>
    /// <param name="options">The call's options.</param>
    internal static (JobKey Job, int Most)? PlacesOf(EmbeddingGenerationOptions? options) =>
        options?.AdditionalProperties?.TryGetValue(PlacesKey, out (JobKey Job, int Most) places) == true ? places : null;

    /// <summary>The options of one request of a call.</summary>
    /// <param name="call">The call's.</param>
    /// <param name="tokens">The request's tokens.</param>
    internal static EmbeddingGenerationOptions ForRequest(EmbeddingGenerationOptions? call, int tokens)
    {
        var options = IsQuery(call) ? ForQuery(TenantOf(call)) : For(TenantOf(call));
        options.AdditionalProperties![TokensKey] = tokens;
        if (MeterOf(call) is { } meter)
        {
            options.AdditionalProperties[MeterKey] = meter;
        }

        return options;
    }

    /// <summary>Who counts what the call takes; null when nobody does.</summary>
    /// <param name="options">The options of a call or of one request.</param>
    internal static UsageMeter? MeterOf(EmbeddingGenerationOptions? options) => options?.AdditionalProperties?.TryGetValue(MeterKey, out UsageMeter? meter) == true ? meter : null;

    /// <summary>For whom a call is; calls without a note share one name.</summary>
    /// <param name="options">The call's options.</param>
    internal static TenantId TenantOf(EmbeddingGenerationOptions? options) => options?.AdditionalProperties?.TryGetValue(TenantKey, out TenantId tenant) == true ? tenant : Nobody;

    /// <summary>The request's tokens; 0 without a note.</summary>
    /// <param name="options">The request's options.</param>
    internal static int TokensOf(EmbeddingGenerationOptions? options) => options?.AdditionalProperties?.TryGetValue(TokensKey, out int tokens) == true ? tokens : 0;
}
