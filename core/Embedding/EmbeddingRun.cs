namespace Quiver.Core.Embedding;

/// <summary>Texts that go through a model together.</summary>
/// <param name="Items">Indices into the call's texts, longest text first.</param>
/// <param name="MaxLength">Tokens of the longest.</param>
/// <param name="TotalLength">Tokens of all, without padding.</param>
public sealed record EmbeddingRun(ImmutableArray<int> Items, int MaxLength, int TotalLength);
