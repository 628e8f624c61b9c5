using Quiver.Core.Embedding.Providers;
using Quiver.GrainInterfaces.Providers;

namespace Quiver.Core.Embedding;

/// <summary>Shows the providers of a catalog and tries them. Thread-safe.</summary>
/// <param name="catalog">The catalog.</param>
/// <param name="time">The clock.</param>
public sealed class ProviderProbe(IEmbeddingModelCatalog catalog, TimeProvider time)
{
    /// <summary>All providers.</summary>
    public ImmutableArray<ProviderInfo> List() => [.. catalog.Providers.Select(Describe)];

    /// <summary>Makes an embedding call of a few tokens, and one more for a search query where that is asked for otherwise.</summary>
    /// <param name="request">Which provider.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="NotFoundException">With <see cref="ErrorCodes.UnknownProvider"/>.</exception>
    public async Task<ProviderTest> TestAsync(ProviderTestRequest request, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        var provider = catalog.FindByName(request.Provider) ?? throw new NotFoundException(
            ErrorCodes.UnknownProvider, $"There is no provider {request.Provider}: 'quiver providers list' shows those there are.");
        var model = provider.Model;

        // A text that no cache has.
        var text = $"Quiver tries this provider at {time.GetUtcNow():O}.";
        var started = time.GetTimestamp();
        var embeddings = await model.Generator.GenerateAsync([text], EmbeddingRequestNotes.For(request.Tenant), cancellationToken);
        EmbeddingValidator.Validate(embeddings, 1, model.Info);
        var latency = time.GetElapsedTime(started);
        var tokens = embeddings.Usage?.InputTokenCount ?? 0;
        if (model.Info.QueryRevision is not null)
        {
            tokens += await TestQueryAsync(provider, text, request.Tenant, cancellationToken);
        }

        return new ProviderTest
        {
            Provider = Describe(provider),
            Latency = latency,
            Dimensions = embeddings[0].Vector.Length,
            Tokens = tokens,
        };
    }

    private static async Task<long> TestQueryAsync(EmbeddingProvider provider, string text, TenantId tenant, CancellationToken cancellationToken)
    {
        try
        {
            var embeddings = await provider.Model.Generator.GenerateAsync([text], EmbeddingRequestNotes.ForQuery(tenant), cancellationToken);
            EmbeddingValidator.Validate(embeddings, 1, provider.Model.Info);
            return embeddings.Usage?.InputTokenCount ?? 0;
        }
        catch (QuiverException error) when (!provider.IsLocal)
        {
            throw OfQuery(provider, error);
        }
    }

    /// <summary>The same error, and which of the two calls it was.</summary>
    private static QuiverException OfQuery(EmbeddingProvider provider, QuiverException error)
    {
        var message = $"The call for a document succeeded and that for a search query failed (Quiver:Providers:{provider.Name}:QueryBody says how it is sent): {error.Message}";
        return error switch
        {
            ThrottledException => new ThrottledException(error.Code, message, error) { RetryAfter = error.RetryAfter },
            TransientException => new TransientException(error.Code, message, error) { RetryAfter = error.RetryAfter },
            InvalidDocumentException => new InvalidDocumentException(error.Code, message, error),
            PermanentException => new PermanentException(error.Code, message, error),
            _ => error,
        };
    }

    private ProviderInfo Describe(EmbeddingProvider provider) => provider.Describe(provider == catalog.Default);
}
