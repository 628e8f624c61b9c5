using Quiver.Core.Embedding;
using Quiver.Core.Search;
using Quiver.Grains.Collections;
using Quiver.Tests.Support;

namespace Quiver.Tests.Unit.Grains;

/// <summary>A collection of an older data directory, built with a model that Quiver no longer brings.</summary>
public sealed class FormerModelTests
{
    private static readonly CollectionBinding Former = new()
    {
        Key = new CollectionKey(TenantId.Parse("t"), CollectionName.Parse("docs")),
        PhysicalCollection = "quiver_use-lite_512d",
        Model = "use-lite@0123456789abcdef",
        Dimensions = 512,
    };

    [Fact]
    public void Ingest_IsRefusedInASentenceThatSaysWhatToDo()
    {
        var otherLength = Assert.Throws<ConflictException>(() => BindingValidator.RequireSame(Former, "all-MiniLM-L6-v2@1", 384));
        var otherModel = Assert.Throws<ConflictException>(() => BindingValidator.RequireSame(Former, "all-MiniLM-L6-v2@1", 512));

        Assert.Equal((ErrorCodes.DimensionMismatch, ErrorCodes.ModelMismatch), (otherLength.Code, otherModel.Code));
        Assert.Equal(
            "Collection docs was built with the model use-lite@0123456789abcdef (512 dimensions), not all-MiniLM-L6-v2@1 (384): ingest the source into a new collection and"
            + " delete this one with 'quiver collections delete docs' (DELETE /v1/collections/docs), or configure a provider that has the model use-lite@0123456789abcdef.",
            otherLength.Message);
        Assert.Contains("'quiver collections delete docs'", otherModel.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Search_IsRefusedInASentenceThatSaysWhatToDo()
    {
        using var model = new HashModel();
        var search = new CollectionSearch(EmbeddingModelCatalog.Of(model), null!);

        var refused = await Assert.ThrowsAsync<ConflictException>(() => search.SearchAsync(Former, new SearchRequest { Query = "garden" }, TestContext.Current.CancellationToken));

        Assert.Equal(ErrorCodes.ModelMismatch, refused.Code);
        Assert.Contains("use-lite@0123456789abcdef, which this Quiver does not have", refused.Message, StringComparison.Ordinal);
        Assert.Contains("'quiver collections delete docs'", refused.Message, StringComparison.Ordinal);
    }
}
