using Quiver.Core.Sources;
using Quiver.Tests.Services.S3;
using Quiver.Tests.Support;

namespace Quiver.Tests.Integration.Sources.S3;

[Collection(S3ServerCollection.Name)]
public sealed class S3SourceTests(S3Server server)
{
    [Fact]
    public async Task Read_Prefix_GivesItsObjectsByKey()
    {
        var bucket = await server.NewBucketAsync();
        await bucket.PutAsync("docs/b/two.jsonl", "{\"text\":\"1\"}\n{\"text\":\"2\",\"id\":\"x\"}\n");
        await bucket.PutAsync("docs/a.md", "# A");
        await bucket.PutAsync("docs/b/", "");
        await bucket.PutAsync("docs/picture.png", "no text");
        await bucket.PutAsync("docs/empty.txt", "");
        await bucket.PutAsync("docs/é & <x> 'y'.txt", "special");
        await bucket.PutAsync("docs2/other.txt", "not below the prefix");

        var outcomes = await bucket.OutcomesAsync(bucket.Spec("docs/") with { IdField = null });

        Assert.Equal(
            ["docs/a.md", "docs/b/two.jsonl#0", "docs/b/two.jsonl#1", $"docs/empty.txt {ErrorCodes.EmptyDocument}", "docs/é & <x> 'y'.txt"], outcomes);
    }

    [Fact]
    public async Task Read_NamedObject_HasTheNameOfTheKeyAndTheOriginOfTheAddress()
    {
        var bucket = await server.NewBucketAsync();
        await bucket.PutAsync("a/b/notes.txt", "notes");

        var record = Assert.Single(await bucket.ReadAsync(bucket.Spec("a/b/notes.txt")));

        Assert.Equal(("notes.txt", bucket.Address("a/b/notes.txt"), "notes"), (record.Item.Id, record.Item.Origin, record.Item.Text));
    }

    [Fact]
    public async Task Read_NamedSource_LeavesThePrefixOutOfIds()
    {
        var bucket = await server.NewBucketAsync();
        await bucket.PutAsync("v1/a.txt", "a");

        var record = Assert.Single(await bucket.ReadAsync(bucket.Spec("v1/") with { Name = "corpus" }));

        Assert.Equal(("a.txt", "corpus"), (record.Item.Id, record.Item.Origin));
    }

    [Fact]
    public async Task Read_RootInsideAnother_IsReadOnce()
    {
        var bucket = await server.NewBucketAsync();
        await bucket.PutAsync("a/1.txt", "1");
        await bucket.PutAsync("a/b/2.txt", "2");
        await bucket.PutAsync("a/c.txt", "3");

        var outcomes = await bucket.OutcomesAsync(bucket.Spec("a/", "a/b/", "a/c.txt"));

        Assert.Equal(["a/1.txt", "b/2.txt", "c.txt"], outcomes);
    }

    [Fact]
    public async Task Read_WithGlobs_AppliesThemBelowThePrefix()
    {
        var bucket = await server.NewBucketAsync();
        foreach (var key in new[] { "p/a.md", "p/a.txt", "p/build/b.md", "p/src/build/c.md", "p/src/d.md", "p/p/e.md" })
        {
            await bucket.PutAsync(key, "text");
        }

        var outcomes = await bucket.OutcomesAsync(bucket.Spec("p/") with { Include = ["*.md"], Exclude = ["build", "p/**"] });

        Assert.Equal(["p/a.md", "p/src/d.md"], outcomes);
    }

    [Fact]
    public async Task Read_TheSameTreeAsAFolder_GivesTheSameDocuments()
    {
        var bucket = await server.NewBucketAsync();
        using var folder = new TemporaryFolder();
        var random = Seed.For(nameof(Read_TheSameTreeAsAFolder_GivesTheSameDocuments));
        string[] endings = [".txt", ".md", ".jsonl", ".json", ".cs", ".bin", ""];
        for (var i = 0; i < 40; i++)
        {
            var path = $"tree/{(random.Next(2) == 0 ? "" : $"d{random.Next(3)}/")}{(random.Next(2) == 0 ? "" : "x/")}f{i}{endings[random.Next(endings.Length)]}";
            var content = random.Next(6) switch
            {
                0 => "",
                1 => "\0binary",
                2 => "{bad}\n",
                _ => "{\"text\":\"one\"}\n{\"text\":\"two\",\"n\":1}\n",
            };
            folder.Write(path, content);
            await bucket.PutAsync(path, content);
        }

        var files = await FileSources.ReadAsync(FileSources.Spec(folder.At("tree")));
        var objects = await bucket.ReadAsync(bucket.Spec("tree/"));

        Assert.True(files.Select(Show).Order(StringComparer.Ordinal).SequenceEqual(objects.Select(Show).Order(StringComparer.Ordinal)), Seed.Text);

        static string Show(SourceRecord record) =>
            $"{record.Item.Id}|{record.Item.Text}|{record.Item.FaultCode}|{record.Item.HidesOthers}|{string.Join(',', record.Item.Metadata.OrderBy(static field => field.Key, StringComparer.Ordinal))}";
    }

    [Fact]
    public async Task Read_TooLargeObjects_FailAloneWithoutBeingRead()
    {
        var bucket = await server.NewBucketAsync();
        await bucket.PutAsync("d/a.txt", new string('a', 2_000));
        await bucket.PutAsync("d/b.jsonl", TestBucket.Lines("b", 100));
        await bucket.PutAsync("d/c.txt", "fits");

        var records = await bucket.ReadAsync(bucket.Spec("d/") with { MaxDocumentBytes = 1_000 }, null, static options => options.MaxObjectBytes = 10_000);

        Assert.Equal(["d/a.txt document_too_large", "d/b.jsonl document_too_large", "d/c.txt"], records.Select(static record => FileSources.Show(record.Item)));
        Assert.Equal([false, true, false], records.Select(static record => record.Item.HidesOthers));
    }

    [Fact]
    public async Task Read_ManyKeys_PagesThroughAllOfThem()
    {
        const int Count = 2_500;
        var bucket = await server.NewBucketAsync();
        var keys = Enumerable.Range(0, Count).Select(static i => $"many/{i:0000}.txt").ToList();
        await bucket.PutManyAsync(keys);
        var source = await bucket.OpenAsync(bucket.Spec("many/"));
        await using var records = source.ReadAsync(SourceCursor.Start, TestContext.Current.CancellationToken).GetAsyncEnumerator(TestContext.Current.CancellationToken);
        Assert.True(await records.MoveNextAsync());

        // The cursor of the first record, moved near to the end: reading all of them would only test the server.
        var near = records.Current.Next with { Position = records.Current.Next.Position.Replace("0000", "2399", StringComparison.Ordinal) };
        var rest = await bucket.ReadAsync(bucket.Spec("many/"), near, static options => options.PageSize = 40);

        Assert.Equal(Count, await source.CountAsync(TestContext.Current.CancellationToken));
        Assert.Equal(keys[0], records.Current.Item.Id);
        Assert.Equal(keys[2_400..], rest.Select(static record => record.Item.Id));
        Assert.Equal(keys[2_400..], rest.Select(static record => record.Item.Text));
    }

    [Fact]
    public async Task Read_SmallObjects_AreFetchedAheadByAFewOnly()
    {
        var bucket = await server.NewBucketAsync();
        await bucket.PutManyAsync(Enumerable.Range(0, 60).Select(static i => $"s/{i:00}.txt"));
        await using var proxy = new CuttingProxy(server.Endpoint);
        var source = await bucket.OpenAsync(bucket.Spec("s/"), options => (options.Endpoint, options.ReadAhead) = (proxy.Address, 4));
        await using var records = source.ReadAsync(SourceCursor.Start, TestContext.Current.CancellationToken).GetAsyncEnumerator(TestContext.Current.CancellationToken);

        Assert.True(await records.MoveNextAsync());
        Assert.InRange(proxy.Accepted, 1, 8);
        for (var i = 1; i < 60; i++)
        {
            Assert.True(await records.MoveNextAsync());
        }

        Assert.Equal("s/59.txt", records.Current.Item.Text);
        Assert.False(await records.MoveNextAsync());
    }

    [Fact]
    public async Task Read_KeysThatXmlCannotHold_AreReadAsTheyAre()
    {
        var bucket = await server.NewBucketAsync();
        string[] keys = ["k/a+b c%20d.txt", "k/control\u0001.txt", "k/new\nline.txt", "k/ü😀.txt"];
        foreach (var key in keys)
        {
            await bucket.PutAsync(key, key);
        }

        var records = await bucket.ReadAsync(bucket.Spec("k/"), null, static options => options.PageSize = 1);

        Assert.Equal(keys, records.Select(static record => record.Item.Text));
        Assert.Equal(keys, records.Select(static record => record.Item.Id));
    }
}
