using Quiver.Core.Embedding.Providers;
using Quiver.GrainInterfaces.Providers;

namespace Quiver.Core.Embedding;

/// <summary>Where embeddings come from: the local model or a service. Thread-safe.</summary>
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

    /// <summary>What the service takes at most; null for the local model.</summary>
    public ProviderLimits? Limits { get; private init; }

    /// <summary>Whether this process computes itself.</summary>
    public bool IsLocal => Address is null;

    /// <summary>Its model; the local one is read when first asked for.</summary>
    /// <exception cref="PermanentException">With <see cref="ErrorCodes.ModelUnavailable"/>.</exception>
    public IEmbeddingModel Model => _model();

    private Func<string?> Fault { get; init; } = () => null;

    /// <summary>The local model.</summary>
    /// <param name="name">Its name in the settings.</param>
    /// <param name="model">Gives the model, the same one each time; throws when it cannot be read.</param>
    public static EmbeddingProvider OfLocal(string name, Func<IEmbeddingModel> model) => new(name, "onnx", model);

    /// <summary>A service.</summary>
    /// <param name="name">Its name in the settings.</param>
    /// <param name="kind">What it speaks.</param>
    /// <param name="address">Where it is, without secrets.</param>
    /// <param name="model">Its model.</param>
    /// <param name="limits">What it takes at most.</param>
    /// <param name="fault">Tells why it is not used at the moment; null while all is well.</param>
    public static EmbeddingProvider OfService(string name, string kind, Uri address, IEmbeddingModel model, ProviderLimits limits, Func<string?> fault) =>
        new(name, kind, () => model) { Address = address, Limits = limits, Fault = fault };

    /// <summary>What there is to know about it, without asking it anything.</summary>
    /// <param name="isDefault">Whether it is the catalog's default.</param>
    public ProviderInfo Describe(bool isDefault)
    {
        IEmbeddingModel? model = null;
        var fault = Fault();
        try
        {
            model = Model;
        }
        catch (QuiverException e)
        {
            fault = e.Message;
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
        };
    }
}
