
using Quiver.Core.Vectors;

namespace Quiver.Tests.Conformance.Vectors;

public abstract partial class VectorStoreConformance
{
    /// <summary>Whether points can be counted by fields that the store has no index for; if not, it says so.</summary>
    protected virtual bool CountsByAnyField => true;

    [Fact]
    public async Task Facet_OfDocuments_CountsThePointsOfTheScope()
    {
        await UpsertAsync([.. Enumerable.Range(0, 10).Select(i => Point(i, document: i < 5 ? "ö/b.md" : i < 8 ? "a" : $"c{i}"))]);
        await UpsertAsync(Point(1, scope: OtherDocs, document: "theirs"));

        Assert.Equal([new("ö/b.md", 5), new("a", 3), new("c8", 1), new("c9", 1)], await FacetAsync(PayloadFields.DocumentId));
        Assert.Equal([new("ö/b.md", 5)], await FacetAsync(PayloadFields.DocumentId, limit: 1));
        Assert.Equal([new("theirs", 1)], await Store.FacetAsync(new(Physical, OtherDocs), new() { Field = PayloadFields.DocumentId }, Cancel));
    }

    [Fact]
    public async Task Facet_OfGenerations_GivesThemAsText()
    {
        await UpsertAsync(Point(1, generation: 9), Point(2, generation: 10), Point(3, generation: 10), Point(4, generation: 11));

        Assert.Equal([new("10", 2), new("11", 1), new("9", 1)], await FacetAsync(PayloadFields.Generation));
    }

    [Fact]
    public async Task Facet_WithAFilter_CountsOnlyPointsWithAllValues()
    {
        await UpsertAsync(
            Point(1, generation: 1, document: "x", metadata: [("kind", "a")]),
            Point(2, generation: 2, document: "x", metadata: [("kind", "b")]),
            Point(3, generation: 2, document: "x"),
            Point(4, generation: 2, document: "y", metadata: [("kind", "b")]));

        Assert.Equal([new("2", 2), new("1", 1)], await FacetAsync(PayloadFields.Generation, filter: [(PayloadFields.DocumentId, "x")]));
        Assert.Equal([new("x", 3)], await FacetAsync(PayloadFields.DocumentId, filter: [(PayloadFields.DocumentId, "x")]));
        Assert.Empty(await FacetAsync(PayloadFields.DocumentId, filter: [(PayloadFields.DocumentId, "never")]));
        if (FiltersByAnyField)
        {
            Assert.Equal([new("x", 1), new("y", 1)], await FacetAsync(PayloadFields.DocumentId, filter: [("kind", "b")]));
            Assert.Equal([new("2", 1)], await FacetAsync(PayloadFields.Generation, filter: [("kind", "b"), (PayloadFields.DocumentId, "x")]));
            Assert.Empty(await FacetAsync(PayloadFields.DocumentId, filter: [("kind", "b"), ("other", "b")]));
        }
        else
        {
            Assert.Equal(
                ErrorCodes.NotSupported,
                (await Assert.ThrowsAsync<InvalidRequestException>(() => FacetAsync(PayloadFields.DocumentId, filter: [("kind", "b")]))).Code);
        }
    }

    [Fact]
    public async Task Facet_OfMetadata_CountsItsValuesOrSaysThatThereIsNoIndex()
    {
        const string Name = "kind of \"thing\".ä";
        await UpsertAsync(
            Point(1, metadata: [(Name, "a"), ("kind", "b")]),
            Point(2, metadata: [(Name, "ü\n\"x\"\\\0 🙂"), ("kind", "")]),
            Point(3, metadata: [(Name, "a")]),
            Point(4, metadata: [("kind", "b")]),
            Point(5));
        await UpsertAsync(Point(1, scope: OtherDocs, metadata: [("kind", "b")]));

        if (CountsByAnyField)
        {
            Assert.Equal([new("a", 2), new("ü\n\"x\"\\\0 🙂", 1)], await FacetAsync(Name));
            Assert.Equal([new("b", 2), new("", 1)], await FacetAsync("kind"));
            Assert.Equal([new("b", 1)], await FacetAsync("kind", filter: [(Name, "a")]));
            Assert.Empty(await FacetAsync("unknown"));
        }
        else
        {
            var error = await Assert.ThrowsAsync<InvalidRequestException>(() => FacetAsync("kind"));
            Assert.Equal(ErrorCodes.NotSupported, error.Code);
            Assert.Contains($"PUT /collections/{Physical}/index", error.Message, StringComparison.Ordinal);
            Assert.Equal(ErrorCodes.InvalidOption, (await Assert.ThrowsAsync<InvalidRequestException>(() => FacetAsync(Name))).Code);
        }
    }

    [Fact]
    public async Task Facet_WhereNothingIs_GivesNothing()
    {
        Assert.Empty(await FacetAsync(PayloadFields.DocumentId));
        Assert.Empty(await Store.FacetAsync(new("quiver_missing_3d", Docs), new() { Field = PayloadFields.DocumentId }, Cancel));
    }

    [Theory]
    [InlineData("document_id", 0, ErrorCodes.InvalidOption)]
    [InlineData("document_id", 1001, ErrorCodes.InvalidOption)]
    [InlineData("", 10, ErrorCodes.InvalidOption)]
    [InlineData(" ", 10, ErrorCodes.InvalidOption)]
    [InlineData("text", 10, ErrorCodes.NotSupported)]
    [InlineData("tenant_id", 10, ErrorCodes.NotSupported)]
    [InlineData("indexed_at", 10, ErrorCodes.NotSupported)]
    public async Task Facet_ThatNoStoreCounts_IsRefused(string field, int limit, string code)
    {
        var error = await Assert.ThrowsAsync<InvalidRequestException>(() => FacetAsync(field, limit));

        Assert.Equal(code, error.Code);
        Assert.EndsWith(".", error.Message, StringComparison.Ordinal);
    }

    private Task<IReadOnlyList<FacetValue>> FacetAsync(string field, int limit = 10, params (string Key, string Value)[] filter) =>
        Store.FacetAsync(new(Physical, Docs), new() { Field = field, Limit = limit, Filter = Filter(filter) }, Cancel);
}
