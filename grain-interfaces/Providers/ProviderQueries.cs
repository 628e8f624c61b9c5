namespace Quiver.GrainInterfaces.Providers;

/// <summary>Lists and tests the embedding providers; stateless. Key 0.</summary>
[Alias("quiver.IProviderQueryGrain")]
public interface IProviderQueryGrain : IGrainWithIntegerKey
{
    /// <summary>Returns all providers by name, without calling them.</summary>
    [Alias("List")]
    Task<ImmutableArray<ProviderInfo>> ListAsync(CancellationToken cancellationToken = default);

    /// <summary>
    /// Makes one real embedding call without the cache, and a second one if the provider embeds queries differently from documents; this
    /// may cost a few tokens.
    /// </summary>
    /// <param name="request">The provider and the tenant.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <exception cref="NotFoundException">With <see cref="ErrorCodes.UnknownProvider"/>.</exception>
    /// <exception cref="QuiverException">The call failed; a job would get the same error.</exception>
    [Alias("Test")]
    Task<ProviderTest> TestAsync(ProviderTestRequest request, CancellationToken cancellationToken = default);
}

/// <summary>An embedding provider as configured. Holds no secret.</summary>
[GenerateSerializer, Immutable, Alias("quiver.provider-info.v1")]
public sealed record ProviderInfo
{
    /// <summary>Its name in the settings.</summary>
    [Id(0)] public required string Name { get; init; }

    /// <summary><c>onnx</c> for the local model, <c>openai</c> for a remote service.</summary>
    [Id(1)] public required string Kind { get; init; }

    /// <summary>Whether collections without a model of their own use it.</summary>
    [Id(2)] public bool IsDefault { get; init; }

    /// <summary>The service's address; null for the local model.</summary>
    [Id(3)] public string? Address { get; init; }

    /// <summary>The model with its revision, <c>name@revision</c>; null when it cannot be read.</summary>
    [Id(4)] public string? Model { get; init; }

    /// <summary>Dimensions of a vector; 0 when the model cannot be read.</summary>
    [Id(5)] public int Dimensions { get; init; }

    /// <summary>The configured maximum number of tokens in a text.</summary>
    [Id(6)] public int MaxTokens { get; init; }

    /// <summary>The configured maximum number of texts in a request; null for no limit.</summary>
    [Id(7)] public int? MaxInputs { get; init; }

    /// <summary>The configured maximum number of tokens in a request; null for no limit.</summary>
    [Id(8)] public int? MaxTokensPerRequest { get; init; }

    /// <summary>The maximum number of concurrent requests from one silo; null for no limit.</summary>
    [Id(9)] public int? MaxConcurrency { get; init; }

    /// <summary>The maximum number of requests per minute from the whole cluster; null for no limit.</summary>
    [Id(10)] public int? RequestsPerMinute { get; init; }

    /// <summary>The maximum number of tokens per minute from the whole cluster; null for no limit.</summary>
    [Id(11)] public int? TokensPerMinute { get; init; }

    /// <summary>Price per million tokens; 0 when none is configured.</summary>
    [Id(12)] public decimal PricePerMillionTokens { get; init; }

    /// <summary>Why it is not usable at the moment: a sentence; null when no fault is known.</summary>
    [Id(13)] public string? Fault { get; init; }

    /// <summary>
    /// Limits below the configured ones that the service's refusals have shown to the answering process, as they are now: each doubles with every
    /// hour after its refusal. Null when there are none.
    /// </summary>
    [Id(14)] public LearnedLimits? Learned { get; init; }
}

/// <summary>Limits that a provider's refusals have shown, each below the configured one; null where they showed none.</summary>
[GenerateSerializer, Immutable, Alias("quiver.learned-limits.v1")]
public sealed record LearnedLimits
{
    /// <summary>The maximum number of texts in a request.</summary>
    [Id(0)] public int? MaxInputs { get; init; }

    /// <summary>The maximum number of tokens in a request.</summary>
    [Id(1)] public int? MaxTokensPerRequest { get; init; }

    /// <summary>The maximum number of tokens in a text. A text above it is sent alone, because the provider may count fewer tokens.</summary>
    [Id(2)] public int? MaxTokensPerInput { get; init; }
}

/// <summary>The provider to test, and the tenant whose budget share the call uses.</summary>
[GenerateSerializer, Immutable, Alias("quiver.provider-test-request.v1")]
public sealed record ProviderTestRequest
{
    /// <summary>The provider's name.</summary>
    [Id(0)] public required string Provider { get; init; }

    /// <summary>The calling tenant.</summary>
    [Id(1)] public required TenantId Tenant { get; init; }
}

/// <summary>The result of a provider test: one real call, or two if the provider embeds queries differently from documents.</summary>
[GenerateSerializer, Immutable, Alias("quiver.provider-test.v1")]
public sealed record ProviderTest
{
    /// <summary>The provider, with its limits.</summary>
    [Id(0)] public required ProviderInfo Provider { get; init; }

    /// <summary>Time from the document call to its validated answer.</summary>
    [Id(1)] public required TimeSpan Latency { get; init; }

    /// <summary>Dimensions of the returned vector.</summary>
    [Id(2)] public required int Dimensions { get; init; }

    /// <summary>Tokens that the provider counted, for both calls if there were two.</summary>
    [Id(3)] public required long Tokens { get; init; }
}
