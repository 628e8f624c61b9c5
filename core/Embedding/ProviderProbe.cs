using Quiver.GrainInterfaces.Providers;

namespace Quiver.Core.Embedding;

/// <summary>Lists the providers of a catalog and tests them. Thread-safe.</summary>
/// <param name="catalog">The catalog.</param>
/// <param name="time">The clock.</param>
public sealed class ProviderProbe(IEmbeddingModelCatalog catalog, TimeProvider time)
{
    /// <summary>All providers.</summary>
    public ImmutableArray<ProviderInfo> List() => [.. catalog.Providers.Select(Describe)];

    /// <summary>Makes an embedding call of a few tokens, and a second one where search queries have their own settings.</summary>
    /// <param name="request">The provider and the tenant.</param>
    /// <param name="cancellationToken">Cancels the calls.</param>
    /// <exception cref="NotFoundException">With <see cref="ErrorCodes.UnknownProvider"/>.</exception>
    public async Task<ProviderTest> TestAsync(ProviderTestRequest request, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        var provider = catalog.FindByName(request.Provider) ?? throw new NotFoundException(
            ErrorCodes.UnknownProvider, $"There is no provider {request.Provider}; 'quiver providers list' (GET /v1/providers) lists the providers.");
        var model = provider.Model;

        // A text that no cache has.
        var text = $"Quiver tests this provider at {time.GetUtcNow():O}.";
        var started = time.GetTimestamp();
        var (tokens, dimensions) = await EmbedAsync(model, text, new EmbeddingCallContext(request.Tenant), cancellationToken);
        var latency = time.GetElapsedTime(started);
        if (model.Info.QueryRevision is not null)
        {
            try
            {
                tokens += (await EmbedAsync(model, text, new EmbeddingCallContext(request.Tenant) { IsQuery = true }, cancellationToken)).Tokens;
            }
            catch (QuiverException exception) when (!provider.IsLocal)
            {
                throw OfQuery(provider, exception);
            }
        }

        return new ProviderTest { Provider = Describe(provider), Latency = latency, Dimensions = dimensions, Tokens = tokens };
    }

    private static async Task<(long Tokens, int Dimensions)> EmbedAsync(
        IEmbeddingModel model, string text, EmbeddingCallContext context, CancellationToken cancellationToken)
    {
        var embeddings = await model.Generator.GenerateAsync([text], context.ToOptions(), cancellationToken);
        EmbeddingValidator.Validate(embeddings, 1, model.Info);
        return (embeddings.Usage?.InputTokenCount ?? 0, embeddings[0].Vector.Length);
    }

    /// <summary>The same fault, with a message that says which of the two calls failed.</summary>
    private static QuiverException OfQuery(EmbeddingProvider provider, QuiverException fault)
    {
        var message = "The call for a document succeeded and that for a search query failed "
            + $"(Quiver:Providers:{provider.Name}:QueryBody sets how it is sent): {fault.Message}";
        return fault switch
        {
            ThrottledException => new ThrottledException(fault.Code, message, fault) { RetryAfter = fault.RetryAfter },
            TransientException => new TransientException(fault.Code, message, fault) { RetryAfter = fault.RetryAfter },
            InvalidDocumentException => new InvalidDocumentException(fault.Code, message, fault),
            PermanentException => new PermanentException(fault.Code, message, fault),
            _ => fault,
        };
    }

    private ProviderInfo Describe(EmbeddingProvider provider) => provider.Describe(provider == catalog.Default);
}
