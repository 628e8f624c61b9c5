using System.Collections.Concurrent;
using Quiver.Core.Embedding;

namespace Quiver.Tests.Unit.Core.Embedding;

/// <summary>A cache in memory that can be set to fail.</summary>
internal sealed class MemoryCache : IEmbeddingCache
{
    public ConcurrentDictionary<string, float[]> Entries { get; } = new();

    public Exception? Failure { get; set; }

    public Task<IReadOnlyList<float[]?>> GetAsync(string modelId, IReadOnlyList<byte[]> textHashes, CancellationToken cancellationToken = default) =>
        Failure is null
            ? Task.FromResult<IReadOnlyList<float[]?>>([.. textHashes.Select(hash => Entries.GetValueOrDefault(Key(modelId, hash)))])
            : Task.FromException<IReadOnlyList<float[]?>>(Failure);

    public Task PutAsync(string modelId, IReadOnlyList<(byte[] TextHash, ReadOnlyMemory<float> Vector)> entries, CancellationToken cancellationToken = default)
    {
        foreach (var (hash, vector) in entries)
        {
            Entries[Key(modelId, hash)] = vector.ToArray();
        }

        return Failure is null ? Task.CompletedTask : Task.FromException(Failure);
    }

    private static string Key(string modelId, byte[] hash) => $"{modelId}/{Convert.ToHexString(hash)}";
}
