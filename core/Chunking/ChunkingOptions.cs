namespace Quiver.Core.Chunking;

/// <summary>How to cut.</summary>
/// <param name="MaxTokens">The most tokens in a chunk, special tokens included; at least 8.</param>
/// <param name="OverlapTokens">About how many tokens of a chunk's end the next one repeats, at sentence or line borders; 0 to half of <paramref name="MaxTokens"/>.</param>
public sealed record ChunkingOptions(int MaxTokens, int OverlapTokens);
