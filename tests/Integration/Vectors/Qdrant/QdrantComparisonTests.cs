using Quiver.Core.Vectors;
using Quiver.Tests.Conformance.Client;
using Quiver.Tests.Support.Qdrant;
using Wire = Qdrant.Client.Grpc;

namespace Quiver.Tests.Integration.Vectors.Qdrant;

/// <summary>Existing collections that differ from their specification.</summary>
public sealed class QdrantComparisonTests : IAsyncLifetime
{
    private const string Physical = "quiver_comparison_4d";

    private QdrantStandIn _server = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _server = await QdrantStandIn.StartAsync();

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task Ensure_OfACollectionOfAnotherModel_NamesBoth()
    {
        using var store = QdrantStores.Open(_server);
        await store.EnsureCollectionAsync(Physical, new PhysicalCollectionSpec { Dimensions = 4, Model = "words@1" }, Token);

        var error = await Assert.ThrowsAsync<ConflictException>(
            () => store.EnsureCollectionAsync(Physical, new PhysicalCollectionSpec { Dimensions = 4, Model = "words@2", TakesOtherStorage = true }, Token));
        await store.EnsureCollectionAsync(Physical, new PhysicalCollectionSpec { Dimensions = 4, Model = "words@1" }, Token);
        await store.EnsureCollectionAsync(Physical, 4, Token);

        Assert.Equal(ErrorCodes.ModelMismatch, error.Code);
        Assert.Contains("of the model words@1, not words@2", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Ensure_OfACollectionThatSaysNothingOfItsModel_TakesIt()
    {
        await using var old = await QdrantStandIn.StartAsync("1.13.0");
        using var store = QdrantStores.Open(old);
        await store.EnsureCollectionAsync(Physical, new PhysicalCollectionSpec { Dimensions = 4, Model = "words@1" }, Token);

        await store.EnsureCollectionAsync(Physical, new PhysicalCollectionSpec { Dimensions = 4, Model = "words@2" }, Token);

        Assert.Empty(old.State.Config(Physical)!.Metadata);
    }

    [Theory]
    [InlineData("tenant_id", Wire.PayloadSchemaType.Keyword, "tenant_id of quiver_comparison_4d is keyword, not keyword with is_tenant")]
    [InlineData("generation", Wire.PayloadSchemaType.Keyword, "generation of quiver_comparison_4d is keyword, not integer")]
    [InlineData("document_id", Wire.PayloadSchemaType.Text, "document_id of quiver_comparison_4d is text, not keyword")]
    public async Task Ensure_OfACollectionWithAnotherIndex_NamesTheDifference(string field, Wire.PayloadSchemaType type, string sentence)
    {
        using var store = QdrantStores.Open(_server);
        await store.EnsureCollectionAsync(Physical, 4, Token);
        _server.State.Edit(Physical, collection => collection.Indexes[field] = new() { DataType = type });

        var error = await Assert.ThrowsAsync<ConflictException>(
            () => store.EnsureCollectionAsync(Physical, new PhysicalCollectionSpec { Dimensions = 4, TakesOtherStorage = true }, Token));

        Assert.Equal(ErrorCodes.SettingsConflict, error.Code);
        Assert.Contains(sentence, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Collection_OfATenantWhoseStateWasLost_IsNotFilledByAnotherModel()
    {
        CollectionSettings dedicated = new() { Dedicated = true };
        await using (var first = await QdrantSilo.StartAsync(_server))
        {
            await first.Client.CreateCollectionAsync(QdrantSilo.Docs, dedicated, Token);
        }

        await using var second = await QdrantSilo.StartWithAsync(_server, new GatedModel(revision: "2"));
        var error = await Assert.ThrowsAsync<ConflictException>(() => second.Client.CreateCollectionAsync(QdrantSilo.Docs, dedicated, Token));

        Assert.Equal(ErrorCodes.ModelMismatch, error.Code);
    }
}
