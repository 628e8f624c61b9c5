using Quiver.GrainInterfaces.Providers;

namespace Quiver.Core.Embedding;

/// <summary>A source of embeddings: the local model or a remote service. Thread-safe.</summary>
public sealed class EmbeddingProvider
{
    private readonly Func<IEmbeddingModel> _model;

    private EmbeddingProvider(string name, string kind, Func<IEmbeddingModel> model) => (Name, Kind, _model) = (name, kind, model);

    /// <summary>Its name in the settings.</summary>
    public string Name { get; }

    /// <summary><c>onnx</c> or <c>openai</c>.</summary>
    public string Kind { get; }

    /// <summary>The service's address; null for the local model.</summary>
    public Uri? Address { get; private init; }

    /// <summary>The service's limits; null for the local model.</summary>
    public ProviderLimits? Limits { get; private init; }

    /// <summary>Whether the model runs in this process.</summary>
    public bool IsLocal => Address is null;

    /// <summary>Its model; the local one is read on first use.</summary>
    /// <exception cref="PermanentException">With <see cref="ErrorCodes.ModelUnavailable"/>.</exception>
    public IEmbeddingModel Model => _model();

    private Func<string?> Fault { get; init; } = () => null;

    /// <summary>Creates the provider of the local model.</summary>
    /// <param name="name">Its name in the settings.</param>
    /// <param name="model">Returns the model, the same one each time; throws when it cannot be read.</param>
    public static EmbeddingProvider OfLocal(string name, Func<IEmbeddingModel> model) => new(name, "onnx", model);

    /// <summary>Creates the provider of a remote service.</summary>
    /// <param name="name">Its name in the settings.</param>
    /// <param name="kind">Its protocol.</param>
    /// <param name="address">Its address, without secrets.</param>
    /// <param name="model">Its model.</param>
    /// <param name="limits">Its limits.</param>
    /// <param name="fault">Returns why it is not used at the moment; null while it is.</param>
    public static EmbeddingProvider OfService(string name, string kind, Uri address, IEmbeddingModel model, ProviderLimits limits, Func<string?> fault) =>
        new(name, kind, () => model) { Address = address, Limits = limits, Fault = fault };

    /// <summary>Describes the provider without sending it a request.</summary>
    /// <param name="isDefault">Whether it is the catalog's default.</param>
    public ProviderInfo Describe(bool isDefault)
    {
        IEmbeddingModel? model = null;
        var fault = Fault();
        try
        {
            model = Model;
        }
        catch (QuiverException exception)
        {
            fault = exception.Message;
        }

        return new ProviderInfo
        {
            Name = Name,
            Kind = Kind,
            IsDefault = isDefault,
            Address = Address?.ToString(),
            Model = model?.Info.Id,
            Dimensions = model?.Info.Dimensions ?? 0,
            MaxTokens = model?.Info.MaxTokens ?? 0,
            MaxInputs = Limits?.MaxInputs,
            MaxTokensPerRequest = Limits?.MaxTokensPerRequest,
            MaxConcurrency = Limits?.MaxConcurrency,
            RequestsPerMinute = Limits?.RequestsPerMinute,
            TokensPerMinute = Limits?.TokensPerMinute,
            PricePerMillionTokens = model?.PricePerMillionTokens ?? 0,
            Fault = fault,
            Learned = model?.Generator.GetService(typeof(LearnedLimits)) as LearnedLimits,
        };
    }
}

/// <summary>The limits of a provider.</summary>
/// <param name="MaxInputs">Texts in a request, at least 1.</param>
/// <param name="MaxTokensPerRequest">Tokens in a request, at least <paramref name="MaxTokensPerInput"/>.</param>
/// <param name="MaxTokensPerInput">Tokens of a text.</param>
/// <param name="MaxConcurrency">Requests at a time from one silo.</param>
/// <param name="RequestsPerMinute">Requests in any minute, of the whole cluster; null for no limit.</param>
/// <param name="TokensPerMinute">Tokens in any minute, of the whole cluster; null for no limit. At least twice <paramref name="MaxTokensPerInput"/>.</param>
public sealed record ProviderLimits(
    int MaxInputs, int MaxTokensPerRequest, int MaxTokensPerInput, int MaxConcurrency, int? RequestsPerMinute = null, int? TokensPerMinute = null)
{
    // Small parts of a minute's limit: requests come evenly, and the rest of the minute is left for the refill. A request of many tokens needs room.
    private const int RequestBurstsPerMinute = 20;
    private const int TokenBurstsPerMinute = 12;

    /// <summary>Requests that can come at once, where there is a limit per minute.</summary>
    public int RequestBurst => Math.Max(1, (RequestsPerMinute ?? int.MaxValue) / RequestBurstsPerMinute);

    /// <summary>Tokens that can come at once, where there is a limit per minute.</summary>
    public int TokenBurst => Math.Max(MaxTokensPerInput, (TokensPerMinute ?? int.MaxValue) / TokenBurstsPerMinute);

    /// <summary>Tokens up to which a request is filled: a larger one would never fit the budget.</summary>
    public int RequestTokens => TokensPerMinute is null ? MaxTokensPerRequest : Math.Min(MaxTokensPerRequest, TokenBurst);

    /// <summary>Whether requests have to lease from a budget.</summary>
    public bool HasBudget => RequestsPerMinute is not null || TokensPerMinute is not null;
}
