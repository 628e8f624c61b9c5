using Quiver.Core.Ledger;

namespace Quiver.Tests.Conformance.Ledger;

public abstract partial class LedgerConformance
{
    [Fact]
    public async Task Document_BegunAndCommitted_IsReadBackEqual()
    {
        Assert.Empty(await Ledger.BeginAsync(Docs, [Document("a", chunks: 5)], Cancel));
        var begun = await FindAsync("a");
        await Ledger.CommitAsync(Docs, [Document("a", chunks: 4)], Cancel);
        await ReopenAsync();
        var committed = await FindAsync("a");

        Assert.Equivalent(Document("a", chunks: 5, hash: null), begun, strict: true);
        Assert.Equivalent(Document("a", chunks: 4), committed, strict: true);
    }

    [Fact]
    public async Task Begin_OnAStoredDocument_ClearsTheHashAndKeepsTheLargerChunkCount()
    {
        await Ledger.CommitAsync(Docs, [Document("a", chunks: 9), Document("b", chunks: 2)], Cancel);

        await Ledger.BeginAsync(Docs, [Document("a", 2, chunks: 3), Document("b", 2, chunks: 3)], Cancel);

        Assert.Equivalent(Document("a", 2, chunks: 9, hash: null), await FindAsync("a"), strict: true);
        Assert.Equivalent(Document("b", 2, chunks: 3, hash: null), await FindAsync("b"), strict: true);
    }

    [Theory]
    [InlineData(1, 9, false)]
    [InlineData(2, 4, false)]
    [InlineData(2, 5, true)]
    [InlineData(2, 6, true)]
    [InlineData(3, 1, true)]
    public async Task Writes_AgainstARowOfGeneration2Epoch5_AreFencedLexicographically(long generation, long epoch, bool passes)
    {
        await Ledger.CommitAsync(Docs, [Document("a", 2, 5, chunks: 4, hash: 1)], Cancel);

        var taken = await Ledger.BeginAsync(Docs, [Document("a", generation, epoch), Document("new", generation, epoch)], Cancel);
        var begun = await FindAsync("a");
        await Ledger.CommitAsync(Docs, [Document("a", generation, epoch, chunks: 1, hash: 2)], Cancel);
        var committed = await FindAsync("a");

        Assert.Equal(passes ? [] : ["a"], taken);
        Assert.Equivalent(passes ? Document("a", generation, epoch, chunks: 4, hash: null) : Document("a", 2, 5, 4, 1), begun, strict: true);
        Assert.Equivalent(passes ? Document("a", generation, epoch, 1, 2) : Document("a", 2, 5, 4, 1), committed, strict: true);
    }

    [Fact]
    public async Task Touch_OfUnchangedDocuments_RaisesTheGenerationOnly()
    {
        await Ledger.CommitAsync(Docs, [Document("a", 2, 5), Document("b", 7, 5)], Cancel);

        await Ledger.TouchAsync(Docs, ["a", "b", "unknown"], 4, Cancel);

        var touched = await FindAsync("a");
        Assert.Equal((4, 3), (touched!.Generation, touched.ChunkCount));
        Assert.NotNull(touched.ContentHash);
        Assert.Equal(7, (await FindAsync("b"))!.Generation);
        Assert.Null(await FindAsync("unknown"));
    }

    [Fact]
    public async Task Touch_ByAJobWithALowerEpochThanTheRow_DoesNotFenceThatJob()
    {
        await Ledger.CommitAsync(Docs, [Document("a", 1, 9)], Cancel);

        await Ledger.TouchAsync(Docs, ["a"], 2, Cancel);

        Assert.Empty(await Ledger.BeginAsync(Docs, [Document("a", 2, 1)], Cancel));
        Assert.Equal(["a"], await Ledger.BeginAsync(Docs, [Document("a", 1, 10)], Cancel));
    }

    [Fact]
    public async Task ClaimStale_OfAnOrigin_GivesDocumentsLastSeenBeforeByIdAndNoOthers()
    {
        await Ledger.CommitAsync(
            Docs,
            [Document("c"), Document("a"), Document("b", 2), Document("d", 3), Document("e", origin: "/elsewhere")],
            Cancel);
        await Ledger.CommitAsync(OtherDocs, [Document("x")], Cancel);

        Assert.Equal(["a", "b", "c"], (await Ledger.ClaimStaleAsync(Docs, "/data", 3, 10, Cancel)).Select(item => item.Id));
        Assert.Equal(["a", "b"], (await Ledger.ClaimStaleAsync(Docs, "/data", 3, 2, Cancel)).Select(item => item.Id));
        Assert.Empty(await Ledger.ClaimStaleAsync(Docs, "/data", 1, 10, Cancel));
        Assert.Empty(await Ledger.ClaimStaleAsync(Docs, "/unknown", 3, 10, Cancel));
    }

    [Fact]
    public async Task ClaimStale_OfStoredDocuments_ClearsTheHashesOfThoseAlone()
    {
        await Ledger.CommitAsync(Docs, [Document("a", chunks: 5), Document("b"), Document("fresh", 2), Document("theirs", origin: "/elsewhere")], Cancel);
        await Ledger.CommitAsync(OtherDocs, [Document("a")], Cancel);

        var claimed = await Ledger.ClaimStaleAsync(Docs, "/data", 2, 1, Cancel);
        await ReopenAsync();

        Assert.Equivalent(Document("a", chunks: 5, hash: null), Assert.Single(claimed), strict: true);
        Assert.Equivalent(Document("a", chunks: 5, hash: null), await FindAsync("a"), strict: true);
        Assert.Equivalent(new[] { Document("b"), Document("fresh", 2), Document("theirs", origin: "/elsewhere") }, (await Ledger.FindAsync(Docs, ["b", "fresh", "theirs"], Cancel)).Values.OrderBy(item => item.Id, StringComparer.Ordinal), strict: true);
        Assert.NotNull((await FindAsync("a", OtherDocs))!.ContentHash);
        Assert.Equal("a", (await Ledger.ClaimStaleAsync(Docs, "/data", 2, 1, Cancel))[0].Id);
    }

    [Fact]
    public async Task DeleteStale_OfDocumentsTakenMeanwhile_ForgetsOnlyTheOthers()
    {
        await Ledger.CommitAsync(Docs, [Document("gone"), Document("touched"), Document("begun"), Document("stored")], Cancel);
        await Ledger.CommitAsync(OtherDocs, [Document("gone")], Cancel);
        await Ledger.ClaimStaleAsync(Docs, "/data", 2, 10, Cancel);
        await Ledger.TouchAsync(Docs, ["touched"], 3, Cancel);
        await Ledger.BeginAsync(Docs, [Document("begun", 3)], Cancel);
        await Ledger.CommitAsync(Docs, [Document("stored")], Cancel);

        Assert.Equal(1, await Ledger.DeleteStaleAsync(Docs, ["gone", "touched", "begun", "stored", "unknown"], 2, Cancel));

        Assert.Equal(["begun", "stored", "touched"], (await Ledger.ListAsync(Docs, null, 10, Cancel)).Select(item => item.Id));
        Assert.NotNull(await FindAsync("gone", OtherDocs));
        Assert.Equal(0, await Ledger.DeleteStaleAsync(Docs, ["gone"], 2, Cancel));
    }

    [Fact]
    public async Task FindNewestGeneration_OfACollection_IsTheHighestOfItsDocuments()
    {
        Assert.Equal(0, await Ledger.FindNewestGenerationAsync(Docs, Cancel));
        await Ledger.CommitAsync(Docs, [Document("a", 3), Document("b", 12, origin: "/elsewhere"), Document("c", 7)], Cancel);
        await Ledger.CommitAsync(OtherDocs, [Document("a", 40)], Cancel);

        Assert.Equal(12, await Ledger.FindNewestGenerationAsync(Docs, Cancel));
    }

    [Fact]
    public async Task Invalidate_OfDocuments_ClearsTheirHashes()
    {
        await Ledger.CommitAsync(Docs, [Document("a"), Document("b")], Cancel);

        await Ledger.InvalidateAsync(Docs, ["a", "unknown"], Cancel);

        Assert.Equivalent(Document("a", hash: null), await FindAsync("a"), strict: true);
        Assert.NotNull((await FindAsync("b"))!.ContentHash);
    }

    [Fact]
    public async Task Documents_WithTheSameIdInTwoTenants_AreTwo()
    {
        await Ledger.CommitAsync(Docs, [Document("a", 5)], Cancel);
        await Ledger.CommitAsync(OtherDocs, [Document("a", 1)], Cancel);

        await Ledger.TouchAsync(OtherDocs, ["a"], 9, Cancel);
        await Ledger.InvalidateAsync(OtherDocs, ["a"], Cancel);
        Assert.Equivalent(Document("a", 5), await FindAsync("a"), strict: true);

        await Ledger.DeleteAsync(OtherDocs, ["a"], Cancel);
        await Ledger.DeleteAllAsync(OtherDocs, Cancel);
        Assert.Null(await FindAsync("a", OtherDocs));
        Assert.NotNull(await FindAsync("a"));
    }

    [Fact]
    public async Task DeleteAll_OfMoreThanOneStep_LeavesNothingInThisScopeOnly()
    {
        for (var batch = 0; batch < 5; batch++)
        {
            await Ledger.CommitAsync(Docs, [.. Enumerable.Range(batch * 500, 500).Select(i => Document($"d{i}"))], Cancel);
        }

        await Ledger.CommitAsync(OtherDocs, [Document("d1")], Cancel);
        await Ledger.DeleteAllAsync(Docs, Cancel);

        Assert.Equal(default, await Ledger.CountAsync(Docs, Cancel));
        Assert.Equal(new DocumentTotals(1, 0, 3), await Ledger.CountAsync(OtherDocs, Cancel));
    }

    [Fact]
    public async Task Count_OfACollection_TellsStoredFromUnfinished()
    {
        Assert.Equal(default, await Ledger.CountAsync(Docs, Cancel));
        await Ledger.CommitAsync(Docs, [Document("a", chunks: 2), Document("b", chunks: 5)], Cancel);
        await Ledger.BeginAsync(Docs, [Document("c", chunks: 7)], Cancel);

        Assert.Equal(new DocumentTotals(2, 1, 7), await Ledger.CountAsync(Docs, Cancel));
    }

    [Fact]
    public async Task Batch_WithADocumentTwice_CountsTheLaterOneUnlessItIsOfALowerEpoch()
    {
        await Ledger.BeginAsync(Docs, [Document("a", chunks: 9), Document("b", epoch: 5), Document("a", chunks: 2)], Cancel);
        await Ledger.CommitAsync(Docs, [Document("b", epoch: 5, hash: 1), Document("c", hash: 1), Document("c", hash: 2), Document("b", epoch: 4, hash: 2)], Cancel);

        Assert.Equivalent(Document("a", chunks: 9, hash: null), await FindAsync("a"), strict: true);
        Assert.Equivalent(Document("b", epoch: 5, hash: 1), await FindAsync("b"), strict: true);
        Assert.Equivalent(Document("c", hash: 2), await FindAsync("c"), strict: true);
    }

    [Fact]
    public async Task Batch_OfNothing_ChangesNothing()
    {
        Assert.Empty(await Ledger.BeginAsync(Docs, [], Cancel));
        await Ledger.CommitAsync(Docs, [], Cancel);
        await Ledger.DeleteAsync(Docs, [], Cancel);
        await Ledger.AppendEventsAsync(Key("one"), [], Cancel);
        await Ledger.SaveFailuresAsync(Key("one"), [], Cancel);

        Assert.Empty(await Ledger.FindAsync(Docs, [], Cancel));
        Assert.Equal(default, await Ledger.CountAsync(Docs, Cancel));
    }

    [Fact]
    public async Task Commit_WithoutAHash_IsRefused() =>
        await Assert.ThrowsAnyAsync<ArgumentException>(() => Ledger.CommitAsync(Docs, [Document("a", hash: null)], Cancel));

    [Fact]
    public async Task Writers_AtTheSameTime_AllLand()
    {
        await Task.WhenAll(Enumerable.Range(0, 50).Select(i => Ledger.CommitAsync(Docs, [Document($"d{i}")], Cancel)));

        Assert.Equal(50, (await Ledger.CountAsync(Docs, Cancel)).Documents);
    }

    [Fact]
    public async Task DocumentIds_OfAnyUnicodeAndLength_StayApartAndComeBackExactly()
    {
        string[] ids =
        [
            "a", "A", "a ", " a", "é", "e\u0301", "a\0b", "a\0c", "🙂", "%_'\";--", "C:\\x\\ü.md", "\uFFFD", "\u0001", "𝔸", new('ß', 1024), new('x', 1024), new('x', 1023),
        ];
        await Ledger.BeginAsync(Docs, [.. ids.Select(id => Document(id))], Cancel);
        await Ledger.CommitAsync(Docs, [.. ids.Select(id => Document(id, origin: id))], Cancel);
        await ReopenAsync();

        var found = await Ledger.FindAsync(Docs, ids, Cancel);
        Assert.Equal(ids.Order(StringComparer.Ordinal), found.Keys.Order(StringComparer.Ordinal));
        Assert.All(ids, id => Assert.Equal(id, found[id].Origin));
        Assert.Equal(ids.Length, (await Ledger.ListAsync(Docs, null, 1000, Cancel)).Select(item => item.Id).Distinct(StringComparer.Ordinal).Count());
        foreach (var id in ids)
        {
            Assert.Equal(id, Assert.Single(await Ledger.ClaimStaleAsync(Docs, id, 2, 10, Cancel)).Id);
        }
    }

    [Fact]
    public async Task ListDocuments_WhateverTheirIds_ComeInTheOrderOfTheirBytes()
    {
        string[] ordered = ["\0", "\u0001", "\u0001a", "\u0002", " ", "A", "Z", "_", "a", "a\0", "a\u0001", "a ", "aa", "b", "é", "ﬀ", "\uFFFD", "🙂"];
        await Ledger.CommitAsync(Docs, [.. ordered.Reverse().Select(id => Document(id))], Cancel);

        Assert.Equal(ordered, (await Ledger.ListAsync(Docs, null, 1000, Cancel)).Select(item => item.Id));
        Assert.Equal(ordered[5..8], (await Ledger.ListAsync(Docs, " ", 3, Cancel)).Select(item => item.Id));
        Assert.Equal(ordered, (await Ledger.ClaimStaleAsync(Docs, "/data", 2, 1000, Cancel)).Select(item => item.Id));
    }

    [Fact]
    public async Task DocumentIds_OfTheMostBytes_StayApartAndAreListedOnce()
    {
        // Incompressible.
        var random = new Random(5);
        var long1 = string.Concat(Enumerable.Range(0, 1023).Select(_ => (char)random.Next(0x4E00, 0x9FFF)));
        string[] ids = [.. Enumerable.Range(0, 7).Select(i => $"{long1}{i}"), long1, long1[..700]];

        await Ledger.BeginAsync(Docs, [.. ids.Select(id => Document(id, origin: id))], Cancel);
        await Ledger.CommitAsync(Docs, [.. ids.Select(id => Document(id, origin: id))], Cancel);
        await Ledger.TouchAsync(Docs, ids, 4, Cancel);

        var found = await Ledger.FindAsync(Docs, ids, Cancel);
        Assert.All(ids, id => Assert.Equal((id, 4L), (found[id].Origin, found[id].Generation)));
        var listed = new List<string>();
        while (await Ledger.ListAsync(Docs, listed.LastOrDefault(), 2, Cancel) is { Count: > 0 } page)
        {
            listed.AddRange(page.Select(item => item.Id));
        }

        Assert.Equal(ids.Order(StringComparer.Ordinal), listed.Order(StringComparer.Ordinal));
        Assert.Equal(ids[2], Assert.Single(await Ledger.ClaimStaleAsync(Docs, ids[2], 9, 10, Cancel)).Id);
    }

    [Fact]
    public async Task ListDocuments_PageByPage_GivesEveryDocumentOnce()
    {
        const int Seed = 77;
        var random = new Random(Seed);
        for (var round = 0; round < 10; round++)
        {
            var scope = new CollectionKey(Acme, CollectionName.Parse($"round{round}"));
            var ids = Enumerable.Range(0, random.Next(1, 80)).Select(_ => RandomId(random)).ToHashSet(StringComparer.Ordinal);
            await Ledger.CommitAsync(scope, [.. ids.Select(id => Document(id))], Cancel);

            var limit = random.Next(1, 20);
            var listed = new List<string>();
            while (await Ledger.ListAsync(scope, listed.LastOrDefault(), limit, Cancel) is { Count: > 0 } page)
            {
                listed.AddRange(page.Select(item => item.Id));
            }

            Assert.True(
                listed.Count == ids.Count && ids.SetEquals(listed),
                $"seed {Seed}, round {round}, limit {limit}: {listed.Count} rows for {ids.Count} documents");
        }
    }

    private static string RandomId(Random random)
    {
        string[] alphabet = ["a", "b", "Z", "/", "é", "🙂", "漢", "\u0002", " "];
        return string.Concat(Enumerable.Range(0, random.Next(1, 6)).Select(_ => alphabet[random.Next(alphabet.Length)]));
    }
}
