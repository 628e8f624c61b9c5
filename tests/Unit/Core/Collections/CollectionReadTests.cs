using System.Text.Json;
using Quiver.Core.Collections;
using Quiver.Core.Embedding;
using Quiver.Core.Search;
using Quiver.Tests.Support;
using Quiver.Tests.Unit.Core.Documents;

namespace Quiver.Tests.Unit.Core.Collections;

public sealed class CollectionReadTests
{
    private readonly BatchRig _rig = new();

    public static TheoryData<SearchRequest> OutOfRange =>
    [
        new SearchRequest { Query = "" },
        new SearchRequest { Query = "  \n" },
        new SearchRequest { Query = new string('x', 8193) },
        new SearchRequest { Query = "x", Limit = 0 },
        new SearchRequest { Query = "x", Limit = 1001 },
        new SearchRequest { Query = "x", Filter = Enumerable.Range(0, 17).ToImmutableDictionary(i => $"f{i}", i => "v") },
        new SearchRequest { Query = "x", LexicalWeight = 1.5 },
        new SearchRequest { Query = "x", Mode = (SearchMode)9 },
        new SearchRequest { Query = "x", Mode = SearchMode.Hybrid, ScoreThreshold = -0.5f },
        new SearchRequest { Query = "x", Mode = SearchMode.Lexical, ScoreThreshold = float.NaN },
    ];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Search_Text_FindsItsChunkFirst()
    {
        var item = DocumentSamples.Item(0, "a", "alpha\nbeta\ngamma") with { Metadata = ImmutableDictionary<string, string>.Empty.Add("path", "a.txt") };
        await _rig.ProcessAsync(item, DocumentSamples.Item(1, "b", "delta"));

        var hits = (await Search().SearchAsync(_rig.Binding, new SearchRequest { Query = "beta", Limit = 2 }, Token)).Hits;

        Assert.Equal(2, hits.Length);
        Assert.Equal(("a", 1, "beta", 2, 2, "a.txt"), (hits[0].DocumentId, hits[0].Chunk, hits[0].Text, hits[0].StartLine, hits[0].EndLine, hits[0].Metadata["path"]));
        Assert.Equal(1, hits[0].Score, 3);
        Assert.True(hits[0].Score >= hits[1].Score);
    }

    [Fact]
    public async Task Search_QueryOfMoreTokensThanTheModelTakes_IsTruncatedWithANote()
    {
        await _rig.ProcessAsync(DocumentSamples.Item(0, "a", string.Join(' ', Enumerable.Repeat("x", 64))));

        var result = await Search().SearchAsync(_rig.Binding, new SearchRequest { Query = string.Join(' ', Enumerable.Repeat("x", 70)) }, Token);

        Assert.Equal(1, Assert.Single(result.Hits).Score, 3);
        var note = result.Notes[0];
        Assert.Equal((SearchNoteCodes.QueryTruncated, "The query has 70 tokens and the model takes 64: its first 64 were searched for."), (note.Code, note.Message));
    }

    [Theory]
    [MemberData(nameof(OutOfRange))]
    public async Task Search_OutOfRange_IsRefusedWithoutACall(SearchRequest request)
    {
        var error = await Assert.ThrowsAsync<InvalidRequestException>(() => Search().SearchAsync(_rig.Binding, request, Token));

        Assert.Equal(ErrorCodes.InvalidOption, error.Code);
        Assert.Equal(0, _rig.Model.Calls);
    }

    [Fact]
    public async Task Search_CollectionOfAnotherModel_IsRefused()
    {
        var error = await Assert.ThrowsAsync<ConflictException>(() => Search().SearchAsync(_rig.Binding with { Model = "other@1" }, new SearchRequest { Query = "x" }, Token));

        Assert.Equal(ErrorCodes.ModelMismatch, error.Code);
    }

    [Fact]
    public async Task Facets_OfAField_CountChunksOfTheCollection()
    {
        await _rig.ProcessAsync(DocumentSamples.Item(0, "a", "alpha\nbeta\ngamma"), DocumentSamples.Item(1, "b", "delta"));
        var facets = new CollectionFacets(_rig.Store);

        var values = await facets.CountAsync(_rig.Binding, new FacetRequest { Field = "document_id" }, Token);
        var tooMany = new FacetRequest { Field = "document_id", Filter = Enumerable.Range(0, 17).ToImmutableDictionary(i => $"f{i}", i => "v") };

        Assert.Equal([new("a", 3), new("b", 1)], values);
        Assert.Equal(ErrorCodes.InvalidOption, (await Assert.ThrowsAsync<InvalidRequestException>(() => facets.CountAsync(_rig.Binding, tooMany, Token))).Code);
    }

    [Fact]
    public async Task Export_Pages_GiveEveryPointOnceWithVectorAndPayload()
    {
        await _rig.ProcessAsync([.. Enumerable.Range(0, 10).Select(i => DocumentSamples.Item(i, $"d{i}", "a\nb"))]);
        var export = new CollectionExport(_rig.Store);
        List<ExportedPoint> points = [];
        string? after = null;
        do
        {
            var page = await export.ReadAsync(_rig.Binding, after, 7, Token);
            points.AddRange(page.Items);
            after = page.Next;
        }
        while (after is not null);

        Assert.Equal(_rig.Stored().Select(point => point.Id).Order(), points.Select(point => point.Id));
        Assert.All(points, point =>
        {
            using var payload = JsonDocument.Parse(point.PayloadJson);
            Assert.Equal(HashModel.Embed(payload.RootElement.GetProperty("text").GetString()!), point.Vector);
            Assert.Equal("acme", payload.RootElement.GetProperty("tenant_id").GetString());
        });
    }

    [Theory]
    [InlineData("nonsense", 10)]
    [InlineData(null, 0)]
    [InlineData(null, 1001)]
    public async Task Export_OutOfRange_IsRefused(string? after, int limit) =>
        await Assert.ThrowsAsync<InvalidRequestException>(() => new CollectionExport(_rig.Store).ReadAsync(_rig.Binding, after, limit, Token));

    private CollectionSearch Search() => new(EmbeddingModelCatalog.Of(_rig.Model), _rig.Store);
}
