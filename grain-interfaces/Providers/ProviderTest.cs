namespace Quiver.GrainInterfaces.Providers;

/// <summary>What one real call to a provider gave, or two where search queries are sent otherwise than documents.</summary>
[GenerateSerializer, Immutable, Alias("quiver.provider-test.v1")]
public sealed record ProviderTest
{
    /// <summary>The provider, with its limits.</summary>
    [Id(0)]
    public required ProviderInfo Provider { get; init; }

    /// <summary>From the call for a document to its checked answer.</summary>
    [Id(1)]
    public required TimeSpan Latency { get; init; }

    /// <summary>Numbers in the vector that came back.</summary>
    [Id(2)]
    public required int Dimensions { get; init; }

    /// <summary>Tokens that the provider counted, of both calls where there were two.</summary>
    [Id(3)]
    public required long Tokens { get; init; }
}
