namespace Quiver.Core.Vectors;

/// <summary>What a vector store is and can do.</summary>
/// <param name="Name">Such as <c>embedded</c> or <c>qdrant</c>.</param>
/// <param name="Version">Its version, for people to read.</param>
/// <param name="FencesWrites">
/// Whether a point of a higher (generation, epoch) withstands a write even when both arrive at once; otherwise the store is asked first,
/// and two that arrive at once may both pass.
/// </param>
public sealed record VectorStoreInfo(string Name, string Version, bool FencesWrites);
