using Quiver.Adapters.Vectors.Qdrant;
using Quiver.Core.Vectors;
using Quiver.Tests.Conformance.Vectors;

namespace Quiver.Tests.Integration.Vectors.Qdrant;

/// <summary>What every vector store does, on a real server, where <c>QUIVER_TEST_QDRANT_URL</c> names one.</summary>
public sealed class RealQdrantStoreTests : VectorStoreConformance
{
    private const string Variable = "QUIVER_TEST_QDRANT_URL";
    private const string KeyVariable = "QUIVER_TEST_QDRANT_API_KEY";

    protected override bool CutsTiesById => false;

    protected override bool KeepsOnePointPerId => true;

    protected override bool CountsByAnyField => false;

    protected override Task<IVectorStore> OpenAsync() => Task.FromResult<IVectorStore>(Open());

    protected override Task CloseAsync(IVectorStore store)
    {
        ((QdrantStore)store).Dispose();
        return Task.CompletedTask;
    }

    protected override async Task DropAsync()
    {
        using var store = Open();
        await store.DropCollectionAsync(Physical, CancellationToken.None);
    }

    private static QdrantStore Open()
    {
        var address = Environment.GetEnvironmentVariable(Variable);
        Assert.SkipWhen(string.IsNullOrEmpty(address), $"{Variable} names no server.");
        return QdrantStores.Open(address!, options => options.ApiKey = Environment.GetEnvironmentVariable(KeyVariable) is { Length: > 0 } key ? key : null);
    }
}
