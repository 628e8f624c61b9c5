using Quiver.Adapters.Vectors.Qdrant;
using Quiver.Core.Vectors;
using Quiver.Tests.Conformance.Vectors;

namespace Quiver.Tests.Integration.Vectors.Qdrant;

/// <summary>What every vector store does, on a real server, where <c>QUIVER_TEST_QDRANT</c> names its gRPC address.</summary>
public sealed class RealQdrantStoreTests : VectorStoreConformance
{
    private const string Variable = "QUIVER_TEST_QDRANT";
    private const string RestVariable = "QUIVER_TEST_QDRANT_REST";
    private const string KeyVariable = "QUIVER_TEST_QDRANT_API_KEY";

    protected override bool CutsTiesById => false;

    protected override bool KeepsOnePointPerId => true;

    protected override bool CountsByAnyField => false;

    [Fact]
    public async Task Instance_OfARealServer_StaysTheSameWhileItRuns()
    {
        Assert.SkipWhen(Read(RestVariable) is null, $"{RestVariable} names no server.");

        var first = await Store.FindInstanceAsync(Cancel);

        Assert.NotNull(first);
        Assert.Equal(first, await Store.FindInstanceAsync(Cancel));
    }

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
        var address = Read(Variable);
        Assert.SkipWhen(address is null, $"{Variable} names no server.");
        return QdrantStores.Open(address!, options =>
        {
            options.RestAddress = Read(RestVariable);
            options.ApiKey = Read(KeyVariable);
        });
    }

    private static string? Read(string variable) => Environment.GetEnvironmentVariable(variable) is { Length: > 0 } value ? value : null;
}
