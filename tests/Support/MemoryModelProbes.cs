using System.Collections.Concurrent;
using Quiver.Core.Embedding;

namespace Quiver.Tests.Support;

/// <summary>Probes in memory.</summary>
internal sealed class MemoryModelProbes : IModelProbes
{
    private readonly ConcurrentDictionary<CollectionKey, string> _probes = new();

    public Task<string?> FindAsync(CollectionKey collection, CancellationToken cancellationToken = default) => Task.FromResult(_probes.GetValueOrDefault(collection));

    public Task<string> TakeAsync(CollectionKey collection, string probe, CancellationToken cancellationToken = default) =>
        Task.FromResult(_probes.GetOrAdd(collection, probe));

    public void Reset(CollectionKey collection) => _probes.TryRemove(collection, out _);
}
