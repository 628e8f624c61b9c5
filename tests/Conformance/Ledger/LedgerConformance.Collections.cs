namespace Quiver.Tests.Conformance.Ledger;

public abstract partial class LedgerConformance
{
    private static CollectionInfo Info(string name, string model = "m@1") => new()
    {
        Name = CollectionName.Parse(name),
        PhysicalCollection = "quiver_m_512d",
        Model = model,
        Dimensions = 512,
        Generation = 3,
        CreatedAt = Noon,
    };

    [Fact]
    public async Task Collections_Saved_AreListedByNameWithoutCounts()
    {
        foreach (var name in new[] { "b", "a", "B", "a-1", "a.1" })
        {
            await Ledger.SaveCollectionAsync(Acme, Info(name) with { Documents = 5, Points = 6 }, Cancel);
        }

        await ReopenAsync();
        var listed = new List<CollectionInfo>();
        string? after = null;
        do
        {
            var page = await Ledger.ListCollectionsAsync(Acme, after, 2, Cancel);
            listed.AddRange(page.Items);
            after = page.Next;
        }
        while (after is not null);

        Assert.Equal([Info("B"), Info("a"), Info("a-1"), Info("a.1"), Info("b")], listed);
    }

    [Fact]
    public async Task Collections_SavedAgain_AreReplaced()
    {
        await Ledger.SaveCollectionAsync(Acme, Info("a"), Cancel);
        await Ledger.SaveCollectionAsync(Acme, Info("a", "m@2"), Cancel);

        Assert.Equal(Info("a", "m@2"), Assert.Single((await Ledger.ListCollectionsAsync(Acme, null, 10, Cancel)).Items));
    }

    [Fact]
    public async Task Collections_Deleted_AreGoneFromThisTenantOnly()
    {
        await Ledger.SaveCollectionAsync(Acme, Info("a"), Cancel);
        await Ledger.SaveCollectionAsync(Other, Info("a"), Cancel);

        await Ledger.DeleteCollectionAsync(new(Acme, CollectionName.Parse("a")), Cancel);
        await Ledger.DeleteCollectionAsync(new(Acme, CollectionName.Parse("never")), Cancel);

        Assert.Empty((await Ledger.ListCollectionsAsync(Acme, null, 10, Cancel)).Items);
        Assert.Single((await Ledger.ListCollectionsAsync(Other, null, 10, Cancel)).Items);
    }
}
