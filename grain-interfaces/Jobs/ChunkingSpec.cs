namespace Quiver.GrainInterfaces.Jobs;

/// <summary>How documents are cut.</summary>
[GenerateSerializer, Immutable, Alias("quiver.chunking-spec.v1")]
public sealed record ChunkingSpec
{
    /// <summary>The most tokens in a chunk, from 8 to the model's limit; null takes the model's recommendation.</summary>
    [Id(0)]
    public int? MaxTokens { get; init; }

    /// <summary>Tokens that a chunk repeats from the one before, 0 to half of <see cref="MaxTokens"/>; null takes the silo's default.</summary>
    [Id(1)]
    public int? OverlapTokens { get; init; }
}
