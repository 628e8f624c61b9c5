namespace Quiver.Core.Embedding;

/// <summary>Vectors of texts that were embedded before; limited in size. Losing an entry costs time, never correctness.</summary>
public interface IEmbeddingCache
{
    /// <summary>Looks texts up.</summary>
    /// <param name="modelId"><see cref="EmbeddingModelInfo.Id"/>.</param>
    /// <param name="textHashes">SHA-256 of each text's UTF-8 bytes, 32 bytes each.</param>
    /// <param name="cancellationToken">Cancels the lookup.</param>
    /// <returns>A vector or null for each hash, in their order. The arrays belong to the caller.</returns>
    Task<IReadOnlyList<float[]?>> GetAsync(string modelId, IReadOnlyList<byte[]> textHashes, CancellationToken cancellationToken = default);

    /// <summary>Stores vectors; evicts older ones above the size limit.</summary>
    /// <param name="modelId"><see cref="EmbeddingModelInfo.Id"/>.</param>
    /// <param name="entries">Hash and vector; copied.</param>
    /// <param name="cancellationToken">Cancels the write.</param>
    Task PutAsync(string modelId, IReadOnlyList<(byte[] TextHash, ReadOnlyMemory<float> Vector)> entries, CancellationToken cancellationToken = default);
}
