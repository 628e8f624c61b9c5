using Quiver.Core.Vectors;

namespace Quiver.Tests.Conformance.Vectors;

public abstract partial class VectorStoreConformance
{
    /// <summary>Whether the store can search for words.</summary>
    protected virtual bool FindsWords => false;

    [Fact]
    public async Task QueryLexical_InAStoreThatCannot_SaysSo()
    {
        var answer = await Store.QueryLexicalAsync(new(Physical, Docs), new("text", 10), Cancel);

        Assert.Empty(answer.Points);
        Assert.Equal(FindsWords, answer.Gap is null);
        Assert.True(answer.Gap is null or { IsTemporary: false });
    }

    [Fact]
    public async Task QueryLexical_Words_FindsThePointsThatHaveThem()
    {
        RequireWords();
        await UpsertAsync(
            Text(1, "The lighthouse keeper counts ships."),
            Text(2, "Ships pass the lighthouse, and the lighthouse shines."),
            Text(3, "Nothing about the sea."),
            Text(4, "A train passes."));

        Assert.Equal([2, 1], await FindAsync("Where is the lighthouse?"));
        Assert.Equal([2, 4], (await FindAsync("passing")).Order());
        Assert.Equal([1], await FindAsync("keepers"));
        Assert.Empty(await FindAsync("submarine"));
        Assert.Empty(await FindAsync("?!"));
    }

    [Fact]
    public async Task QueryLexical_TitleAndHeadings_AreFoundByTheirWords()
    {
        RequireWords();
        var plain = Text(1, "It opens at noon.");
        await UpsertAsync(plain with { Payload = plain.Payload with { Title = "Harbour office", Headings = ["Visits", "Opening hours"] } }, Text(2, "It closes at night."));

        Assert.Equal([1], await FindAsync("harbour"));
        Assert.Equal([1], await FindAsync("visit"));
    }

    [Fact]
    public async Task QueryLexical_Scores_AreThoseOfBm25()
    {
        RequireWords();
        await UpsertAsync(Text(1, "red green blue"), Text(2, "red red yellow"), Text(3, "black white"), Text(4, "violet"), Text(5, "pink grey"), Text(6, "brown"));

        var hits = (await Store.QueryLexicalAsync(new(Physical, Docs), new("red green", 10), Cancel)).Points;

        Assert.Equal([1, 2], hits.Select(hit => hit.Payload.Chunk));
        var (long3, average) = (3.0, 12 / 6.0);
        var norm = 1.2 * (0.25 + (0.75 * long3 / average));
        var (red, green) = (Math.Log((6 - 2 + 0.5) / 2.5), Math.Log((6 - 1 + 0.5) / 1.5));
        Assert.Equal((red + green) * 2.2 / (1 + norm), hits[0].Score, 1e-4);
        Assert.Equal(red * 2 * 2.2 / (2 + norm), hits[1].Score, 1e-4);
    }

    [Fact]
    public async Task QueryLexical_Identifiers_AreFoundWholeAndInParts()
    {
        RequireWords();
        await UpsertAsync(
            Text(1, "It raises json.JSONDecodeError when the text is not valid."),
            Text(2, "An error of decoding."),
            Text(3, "Set max_in_flight to 4."),
            Text(4, "The most in a flight."));

        Assert.Equal(1, (await FindAsync("json.JSONDecodeError"))[0]);
        Assert.Equal([1], await FindAsync("JSON"));
        Assert.Equal([1], await FindAsync("jsondecodeerror"));
        Assert.Equal([1, 2], (await FindAsync("decode")).Order());
        Assert.Equal(3, (await FindAsync("max_in_flight"))[0]);
        Assert.Equal([3, 4], (await FindAsync("flight")).Order());
    }

    [Theory]
    [InlineData("\"")]
    [InlineData("lighthouse\" OR \"train")]
    [InlineData("text:lighthouse AND NOT x")]
    [InlineData("(lighthouse")]
    [InlineData("light*")]
    [InlineData("^lighthouse NEAR(lighthouse, 2)")]
    [InlineData("'; DROP TABLE points; -- lighthouse")]
    [InlineData("\0lighthouse\ud83d")]
    public async Task QueryLexical_NothingInAQuery_IsSyntax(string query)
    {
        RequireWords();
        await UpsertAsync(Text(1, "The lighthouse."), Text(2, "The train."));

        var found = await FindAsync(query);

        Assert.Equal(query.Contains("lighthouse", StringComparison.Ordinal), found.Contains(1));
        Assert.Equal(query.Contains("train", StringComparison.Ordinal), found.Contains(2));
        Assert.Equal(2, await CountAsync());
    }

    [Fact]
    public async Task QueryLexical_OfAScope_FindsAndWeighsItsPointsOnly()
    {
        RequireWords();
        await UpsertAsync(Text(1, "red green"), Text(2, "blue"), Text(3, "yellow"));
        var alone = (await Store.QueryLexicalAsync(new(Physical, Docs), new("red", 10), Cancel)).Points;

        await UpsertAsync([.. Enumerable.Range(1, 100).Select(i => Text(i, $"red {i}", OtherDocs))]);
        var beside = (await Store.QueryLexicalAsync(new(Physical, Docs), new("red", 10), Cancel)).Points;

        Assert.Equal(alone.Select(static hit => (hit.Id, hit.Score)), beside.Select(static hit => (hit.Id, hit.Score)));
        Assert.All(await FindAllAsync("red", OtherDocs), hit => Assert.Equal(OtherDocs, hit.Payload.Scope));
        Assert.Equal(10, (await FindAllAsync("red", OtherDocs)).Count);
        Assert.Empty(await FindAllAsync("blue", OtherDocs));
        Assert.Empty(await FindAllAsync("red", new(TenantId.Parse("unknown"), CollectionName.Parse("docs"))));
    }

    [Fact]
    public async Task QueryLexical_WithAFilter_FindsWhatMatchesIt()
    {
        RequireWords();
        await UpsertAsync(
            [.. Enumerable.Range(0, 60).Select(i => Text(i, "red " + string.Concat(Enumerable.Repeat("red ", i % 7)), metadata: ("kind", i % 20 == 0 ? "rare" : "common")))]);

        var hits = (await Store.QueryLexicalAsync(new(Physical, Docs), new("red", 2) { Filter = Filter(("kind", "rare")) }, Cancel)).Points;
        var one = (await Store.QueryLexicalAsync(new(Physical, Docs), new("red", 9) { Filter = Filter(("document_id", "doc33")) }, Cancel)).Points;

        Assert.Equal([20, 40], hits.Select(hit => hit.Payload.Chunk).Order());
        Assert.Equal([33], one.Select(hit => hit.Payload.Chunk));
    }

    [Fact]
    public async Task QueryLexical_AfterChanges_FindsWhatIsStoredNow()
    {
        RequireWords();
        await UpsertAsync([.. Enumerable.Range(0, 30).Select(i => Text(i, "former words"))]);
        await UpsertAsync(Text(0, "new words"), Text(1, "new words") with { Payload = Text(1, "new words").Payload with { Generation = 0 } });
        await Store.DeleteAsync(new(Physical, Docs), [Point(2).Id, Point(3).Id], Cancel);
        await Store.DeleteOlderAsync(new(Physical, Docs), [Point(4).Id], 2, Cancel);
        await ReopenAsync();

        Assert.Equal([0], await FindAsync("new"));
        Assert.Equal([1, .. Enumerable.Range(5, 25)], (await FindAsync("former")).Order());

        Assert.Equal(27, await Store.DeleteAllAsync(new(Physical, Docs), Cancel));
        Assert.Empty(await FindAsync("words"));
        await UpsertAsync(Text(7, "new words"));
        Assert.Equal([7], await FindAsync("words"));
    }

    private async Task<List<int>> FindAsync(string text) => [.. (await FindAllAsync(text, Docs, 100)).Select(hit => hit.Payload.Chunk)];

    private async Task<IReadOnlyList<StoredPoint>> FindAllAsync(string text, CollectionKey scope, int limit = 10)
    {
        var answer = await Store.QueryLexicalAsync(new(Physical, scope), new(text, limit), Cancel);
        Assert.Null(answer.Gap);
        Assert.All(answer.Points, static hit => Assert.True(hit.Score > 0));
        Assert.Equal(answer.Points.OrderByDescending(static hit => hit.Score).ThenBy(static hit => hit.Id).Select(static hit => hit.Id), answer.Points.Select(static hit => hit.Id));
        return answer.Points;
    }

    private static VectorPoint Text(int number, string text, CollectionKey? scope = null, params (string Key, string Value)[] metadata)
    {
        var point = Point(number, scope: scope, metadata: metadata);
        return point with { Payload = point.Payload with { Text = text, Title = null, Headings = [] } };
    }

    private void RequireWords() => Assert.SkipUnless(FindsWords, "The store cannot search for words.");
}
