using System.Text.Json;

namespace Quiver.Tests.Conformance.Client;

public abstract partial class QuiverClientConformance
{
    [Fact]
    public async Task Search_ForADocumentsWords_FindsItFirst()
    {
        await IngestAsync(Records(20));

        var hits = (await _client.SearchAsync(Docs, new() { Query = "text of document number13", Limit = 3 }, Token)).Hits;
        var even = (await _client.SearchAsync(
            Docs, new() { Query = "number13", Limit = 50, Filter = ImmutableDictionary<string, string>.Empty.Add("kind", "even") }, Token)).Hits;

        Assert.Equal(3, hits.Length);
        Assert.Equal("d13", hits[0].DocumentId);
        Assert.InRange(hits[0].Score, 0.99f, 1.01f);
        Assert.Contains("number13", hits[0].Text, StringComparison.Ordinal);
        Assert.True(hits[0].Score >= hits[1].Score && hits[1].Score >= hits[2].Score);
        Assert.Equal(10, even.Length);
        Assert.All(even, hit => Assert.Equal("even", hit.Metadata["kind"]));
    }

    [Fact]
    public async Task ListChunks_OfADocument_GivesThemInOrderPageByPage()
    {
        var words = string.Join(' ', Enumerable.Range(0, 400).Select(i => $"word{i}."));
        await IngestAsync([$$"""{"id":"long","text":"{{words}}","title":"A title"}"""]);

        List<DocumentChunk> all = [];
        string? after = null;
        do
        {
            var page = await _client.ListChunksAsync(Docs, "long", after, 2, Token);
            Assert.InRange(page.Items.Length, 1, 2);
            all.AddRange(page.Items);
            after = page.Next;
        }
        while (after is not null);

        Assert.True(all.Count > 3);
        Assert.Equal(Enumerable.Range(0, all.Count), all.Select(chunk => chunk.Chunk));
        Assert.Equal(0, all[0].StartChar);
        Assert.EndsWith("word399.", all[^1].Text, StringComparison.Ordinal);
        Assert.All(all, chunk => Assert.Equal(("long", "A title"), (chunk.DocumentId, chunk.Title)));
        Assert.All(all.Zip(all.Skip(1)), pair => Assert.True(pair.Second.StartChar <= pair.First.EndChar + 1));
        await AssertFailsAsync<NotFoundException>(ErrorCodes.UnknownDocument, () => _client.ListChunksAsync(Docs, "never", null, 10, Token));
        await AssertFailsAsync<InvalidRequestException>(ErrorCodes.InvalidOption, () => _client.ListChunksAsync(Docs, "long", "x", 10, Token));
        await AssertFailsAsync<InvalidRequestException>(ErrorCodes.InvalidOption, () => _client.ListChunksAsync(Docs, "", null, 10, Token));
    }

    [Fact]
    public async Task PreviewChunks_OfAFile_ShowsThemWithTheirContextAndStoresNothing()
    {
        var body = string.Join(' ', Enumerable.Range(0, 40).Select(i => $"word{i}."));
        var request = new ChunkPreviewRequest
        {
            Name = "docs/guide.md",
            Text = $"---\ntitle: The guide\n---\n# One\n\n{body}\n\n## Two\n\n{body}\n",
            Chunking = new() { MaxTokens = 40, OverlapTokens = 0 },
        };

        var preview = await _client.PreviewChunksAsync(request, Token);
        var plain = await _client.PreviewChunksAsync(request with { Chunking = request.Chunking with { EmbedContext = false }, Limit = 1 }, Token);

        Assert.Equal((40, 0, 1), (preview.MaxTokens, preview.OverlapTokens, preview.Documents));
        Assert.Equal(preview.Chunks, preview.Items.Length);
        Assert.Equal(preview.Tokens, preview.Items.Sum(chunk => (long)chunk.Tokens!.Value));
        Assert.All(preview.Items, chunk => Assert.Equal(("docs/guide.md", "The guide", chunk.Text), (chunk.DocumentId, chunk.Title, request.Text[chunk.StartChar..chunk.EndChar])));
        Assert.All(preview.Items, chunk => Assert.InRange(chunk.Tokens!.Value, 1, 40));
        Assert.Equal((4, "One"), (preview.Items[0].StartLine, preview.Items[0].Headings.Single()));
        Assert.Contains(preview.Items, chunk => chunk.Headings.SequenceEqual(["One", "Two"]) && chunk.Context == "The guide > One > Two");
        Assert.Null(Assert.Single(plain.Items).Context);
        Assert.True(plain.Chunks > 1);
        await AssertFailsAsync<ConflictException>(ErrorCodes.ModelMismatch, () => _client.PreviewChunksAsync(request with { Model = "unknown" }, Token));
        await AssertFailsAsync<InvalidRequestException>(
            ErrorCodes.InvalidOption, () => _client.PreviewChunksAsync(request with { Chunking = new() { MaxTokens = 4 } }, Token));
        await AssertFailsAsync<InvalidRequestException>(ErrorCodes.InvalidOption, () => _client.PreviewChunksAsync(request with { Limit = 0 }, Token));
        Assert.Empty((await _client.ListCollectionsAsync(null, 10, Token)).Items);
    }

    [Fact]
    public async Task Facet_OfAField_CountsPointsByItsValues()
    {
        await IngestAsync(Records(15));
        await IngestAsync(Records(3, "changed text"));

        var generations = await _client.FacetAsync(Docs, new() { Field = "generation" }, Token);
        var one = await _client.FacetAsync(Docs, new() { Field = "document_id", Limit = 1, Filter = ImmutableDictionary<string, string>.Empty.Add("document_id", "d7") }, Token);

        Assert.Equal([new("1", 12), new("2", 3)], generations);
        Assert.Equal([new("d7", 1)], one);
        Assert.Equal(10, (await _client.FacetAsync(Docs, new() { Field = "document_id" }, Token)).Length);
        if (_fixture.HasEmbeddedIndex)
        {
            Assert.Equal([new("even", 8), new("odd", 7)], await _client.FacetAsync(Docs, new() { Field = "kind" }, Token));
            Assert.Equal([new("even", 8)], await _client.FacetAsync(Docs, new() { Field = "kind", Limit = 1 }, Token));
            Assert.Empty(await _client.FacetAsync(Docs, new() { Field = "unknown" }, Token));
        }
        else
        {
            await AssertFailsAsync<InvalidRequestException>(ErrorCodes.NotSupported, () => _client.FacetAsync(Docs, new() { Field = "kind" }, Token));
        }
    }

    [Theory]
    [InlineData("document_id", 0, ErrorCodes.InvalidOption)]
    [InlineData("document_id", 1001, ErrorCodes.InvalidOption)]
    [InlineData("", 10, ErrorCodes.InvalidOption)]
    [InlineData("tenant_id", 10, ErrorCodes.NotSupported)]
    public async Task Facet_ThatCannotBe_IsRefused(string field, int limit, string code)
    {
        await _client.CreateCollectionAsync(Docs, new(), Token);

        await AssertFailsAsync<InvalidRequestException>(code, () => _client.FacetAsync(Docs, new() { Field = field, Limit = limit }, Token));
        await AssertFailsAsync<InvalidRequestException>(
            ErrorCodes.InvalidOption,
            () => _client.FacetAsync(Docs, new() { Field = "document_id", Filter = Enumerable.Range(0, 17).ToImmutableDictionary(i => $"f{i}", _ => "v") }, Token));
        await AssertFailsAsync<InvalidRequestException>(
            ErrorCodes.InvalidOption,
            () => _client.FacetAsync(Docs, new() { Field = "document_id", Filter = ImmutableDictionary<string, string>.Empty.Add("", "v") }, Token));
    }

    [Fact]
    public async Task Export_OfACollection_GivesEveryPointOnceById()
    {
        var job = await IngestAsync(Records(30));

        var points = await ExportAsync(_client);

        Assert.Equal(job.Counters.PointsWritten, points.Count);
        Assert.Equal(points.Count, points.Select(point => point.Id).Distinct().Count());
        Assert.All(points, point =>
        {
            Assert.Equal(64, point.Vector.Length);
            Assert.InRange(point.Vector.Sum(static value => value * value), 0.999f, 1.001f);
            using var payload = JsonDocument.Parse(point.PayloadJson);
            Assert.Equal(JsonValueKind.Object, payload.RootElement.ValueKind);
        });
        Assert.Equal(points.Select(point => point.PayloadJson), (await ExportAsync(_client)).Select(point => point.PayloadJson));
    }

    [Fact]
    public async Task Verify_OfWhatWasStored_FindsNoDifference()
    {
        var job = await IngestAsync(Records(10));

        var report = await _client.VerifyAsync(Docs, repair: false, Token);

        Assert.True(report.IsConsistent);
        Assert.Equal((10L, job.Counters.PointsWritten, 0L), (report.Documents, report.ExpectedPoints, report.Repaired));
        Assert.Null(report.Next);
    }

    [Fact]
    public async Task Collection_OnceDeleted_IsUnknown()
    {
        await IngestAsync(Records(3));
        var info = await _client.GetCollectionAsync(Docs, Token);
        var listed = await _client.ListCollectionsAsync(cancellationToken: Token);

        await _client.DeleteCollectionAsync(Docs, Token);

        Assert.Equal((Docs, 64, "words@1"), (info.Name, info.Dimensions, info.Model));
        Assert.Equal((3L, 3L, 1L), (info.Documents, info.Points, info.Generation));

        // A list does not ask the store about each collection.
        Assert.Equal(info with { Index = null }, Assert.Single(listed.Items) with { Index = null });
        Assert.Empty((await _client.ListCollectionsAsync(cancellationToken: Token)).Items);
        await AssertUnknownAsync();
    }

    [Fact]
    public async Task Collection_CreatedWithSettings_HasThemAndTakesJobs()
    {
        var settings = new CollectionSettings { Model = "words", Dedicated = true, RetainFor = TimeSpan.FromDays(30), Storage = new() { Distance = VectorDistance.Cosine, Shards = 1 } };

        var created = await _client.CreateCollectionAsync(Docs, settings, Token);
        var again = await _client.CreateCollectionAsync(Docs, settings, Token);
        var changed = await _client.ChangeCollectionAsync(Docs, new() { RetainFor = TimeSpan.Zero }, Token);
        await IngestAsync(Records(3));
        var info = await _client.GetCollectionAsync(Docs, Token);

        Assert.Equal((settings, settings), (created.Settings, again.Settings));
        Assert.Equal(settings with { RetainFor = TimeSpan.Zero }, changed.Settings);
        Assert.Equal((created.PhysicalCollection, 3L, changed.Settings), (info.PhysicalCollection, info.Documents, info.Settings));
        Assert.Equal(info.Settings, Assert.Single((await _client.ListCollectionsAsync(cancellationToken: Token)).Items).Settings);
        Assert.NotEqual("quiver_words_64d", info.PhysicalCollection);
        Assert.True((await _client.VerifyAsync(Docs, repair: true, Token)).IsConsistent);
        await _client.DeleteCollectionAsync(Docs, Token);
        await AssertUnknownAsync();
    }

    [Fact]
    public async Task ModelCheck_OnceReset_ChangesNothingElse()
    {
        await IngestAsync(Records(3));
        var before = await _client.GetCollectionAsync(Docs, Token);

        var reset = await _client.ResetModelCheckAsync(Docs, Token);

        Assert.Equal(before, reset);
        Assert.Equal(before, await _client.ResetModelCheckAsync(Docs, Token));
    }

    [Fact]
    public async Task Collection_WithSettingsThatCannotBe_IsRefusedAndNotThere()
    {
        await AssertFailsAsync<InvalidRequestException>(ErrorCodes.InvalidOption, () => _client.CreateCollectionAsync(Docs, new() { Storage = new() { Shards = 0 } }, Token));
        if (_fixture.HasEmbeddedIndex)
        {
            await AssertFailsAsync<InvalidRequestException>(ErrorCodes.NotSupported, () => _client.CreateCollectionAsync(Docs, new() { Dedicated = true, Storage = new() { Replicas = 3 } }, Token));
        }

        await AssertFailsAsync<ConflictException>(ErrorCodes.SettingsConflict, () => _client.CreateCollectionAsync(Docs, new() { Storage = new() { PayloadOnDisk = true } }, Token));
        await AssertFailsAsync<ConflictException>(ErrorCodes.ModelMismatch, () => _client.CreateCollectionAsync(Docs, new() { Model = "other" }, Token));
        await AssertUnknownAsync();

        await _client.CreateCollectionAsync(Docs, new(), Token);
        await AssertFailsAsync<ConflictException>(ErrorCodes.SettingsConflict, () => _client.CreateCollectionAsync(Docs, new() { Dedicated = true }, Token));
        await AssertFailsAsync<ConflictException>(ErrorCodes.SettingsConflict, () => _client.ChangeCollectionAsync(Docs, new() { Storage = new() { PayloadOnDisk = true } }, Token));
    }

    [Fact]
    public async Task Collection_ThatNeverWas_IsUnknownByAnyCall() => await AssertUnknownAsync();

    [Fact]
    public async Task Collection_InUse_CannotBeDeleted()
    {
        _fixture.Model.Hold("number1");
        var job = await SubmitAsync(2);
        await UntilAsync(job.Id, item => item.LastCommittedIndex >= 0);

        await AssertFailsAsync<ConflictException>(ErrorCodes.CollectionInUse, () => _client.DeleteCollectionAsync(Docs, Token));
        _fixture.Model.Open();
        await WatchAsync(_client, job.Id);

        Assert.Equal(2, (await _client.GetCollectionAsync(Docs, Token)).Documents);
    }

    [Fact]
    public async Task Tenants_WithTheSameNamesAndIds_NeverMeet()
    {
        var other = _fixture.CreateClient(TenantId.Parse(_fixture.NewName("tenant")));
        var ours = await IngestAsync(Records(4, "ours"));
        var theirs = await IngestAsync(Records(2, "theirs"), other);

        var found = (await _client.SearchAsync(Docs, new() { Query = "theirs number0", Limit = 100 }, Token)).Hits;
        var values = await _client.FacetAsync(Docs, new() { Field = "document_id" }, Token);
        var exported = await ExportAsync(_client);
        await AssertFailsAsync<NotFoundException>(ErrorCodes.UnknownJob, () => _client.GetJobAsync(theirs.Id, Token));
        await AssertFailsAsync<NotFoundException>(ErrorCodes.UnknownJob, () => _client.CancelJobAsync(theirs.Id, Token));
        await AssertFailsAsync<NotFoundException>(ErrorCodes.UnknownJob, () => WatchAsync(_client, theirs.Id));
        await other.DeleteCollectionAsync(Docs, Token);

        Assert.All(found, hit => Assert.Contains("ours", hit.Text, StringComparison.Ordinal));
        Assert.Equal([new("d0", 1), new("d1", 1), new("d2", 1), new("d3", 1)], values);
        Assert.Equal(4, exported.Count);
        Assert.Equal(ours.Id, Assert.Single((await _client.ListJobsAsync(new(), Token)).Items).Id);
        Assert.Equal(4, (await ExportAsync(_client)).Count);
        Assert.True((await _client.VerifyAsync(Docs, repair: false, Token)).IsConsistent);
    }

    private async Task AssertUnknownAsync()
    {
        Func<Task>[] calls =
        [
            () => _client.GetCollectionAsync(Docs, Token),
            () => _client.DeleteCollectionAsync(Docs, Token),
            () => _client.ChangeCollectionAsync(Docs, new() { RetainFor = TimeSpan.FromDays(1) }, Token),
            () => _client.ResetModelCheckAsync(Docs, Token),
            () => _client.SearchAsync(Docs, new() { Query = "q" }, Token),
            () => _client.FacetAsync(Docs, new() { Field = "document_id" }, Token),
            () => _client.VerifyAsync(Docs, repair: false, Token),
            () => ExportAsync(_client),
        ];

        foreach (var call in calls)
        {
            await AssertFailsAsync<NotFoundException>(ErrorCodes.UnknownCollection, call);
        }
    }
}
