namespace Quiver.Tests.Conformance.Ledger;

public abstract partial class LedgerConformance
{
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
        // Nothing in them that could be made shorter.
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
