namespace Quiver.GrainInterfaces.Providers;

/// <summary>An embedding provider as configured. Holds no secret.</summary>
[GenerateSerializer, Immutable, Alias("quiver.provider-info.v1")]
public sealed record ProviderInfo
{
    /// <summary>Its name in the settings.</summary>
    [Id(0)]
    public required string Name { get; init; }

    /// <summary><c>onnx</c> for the local model, <c>openai</c> for a service.</summary>
    [Id(1)]
    public required string Kind { get; init; }

    /// <summary>Whether collections without a model of their own take it.</summary>
    [Id(2)]
    public bool IsDefault { get; init; }

    /// <summary>The service's address; null for the local model.</summary>
    [Id(3)]
    public string? Address { get; init; }

    /// <summary>The model with its revision, <c>name@revision</c>; null when it cannot be read.</summary>
    [Id(4)]
    public string? Model { get; init; }

    /// <summary>Numbers in a vector; 0 when the model cannot be read.</summary>
    [Id(5)]
    public int Dimensions { get; init; }

    /// <summary>The most tokens of a text.</summary>
    [Id(6)]
    public int MaxTokens { get; init; }

    /// <summary>The most texts in a request; null when there is no bound.</summary>
    [Id(7)]
    public int? MaxInputs { get; init; }

    /// <summary>The most tokens in a request; null when there is no bound.</summary>
    [Id(8)]
    public int? MaxTokensPerRequest { get; init; }

    /// <summary>The most requests at a time from one silo; null when there is no bound.</summary>
    [Id(9)]
    public int? MaxConcurrency { get; init; }

    /// <summary>The most requests in a minute, of the whole cluster; null when there is no bound.</summary>
    [Id(10)]
    public int? RequestsPerMinute { get; init; }

    /// <summary>The most tokens in a minute, of the whole cluster; null when there is no bound.</summary>
    [Id(11)]
    public int? TokensPerMinute { get; init; }

    /// <summary>Price of a million tokens; 0 when it costs nothing or none is configured.</summary>
    [Id(12)]
    public decimal PricePerMillionTokens { get; init; }

    /// <summary>Why it is not used at the moment: a sentence; null when all is well as far as is known.</summary>
    [Id(13)]
    public string? Fault { get; init; }
}
