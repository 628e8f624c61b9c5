using Quiver.Core.Sources;
using Quiver.Tests.Services.S3;
using Quiver.Tests.Support;

namespace Quiver.Tests.Integration.Sources.S3;

[Collection(S3ServerCollection.Name)]
public sealed class S3ResumeTests(S3Server server)
{
    private const int LargeLines = 400_000;

    /// <summary>What is logged before another attempt.</summary>
    private const int WaitingEvent = 5100;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Read_FromEveryCursor_GivesTheRest()
    {
        var bucket = await server.NewBucketAsync();
        var random = Seed.For(nameof(Read_FromEveryCursor_GivesTheRest));
        await GrowAsync(bucket, random);
        var source = await bucket.OpenAsync(bucket.Spec("r/", "r/d1/", "single.jsonl"));

        var whole = await source.ReadAsync(SourceCursor.Start, Token).ToListAsync(Token);

        var expected = whole.Select(Show).ToArray();
        Assert.Equal(Enumerable.Range(0, whole.Count).Select(static i => (long)i), whole.Select(static record => record.Item.Ordinal));
        for (var i = 0; i < whole.Count; i++)
        {
            Assert.True(whole[i].Next.Position.Length <= 8_192);
            var rest = await source.ReadAsync(whole[i].Next, Token).ToListAsync(Token);
            Assert.True(expected[(i + 1)..].SequenceEqual(rest.Select(Show)), $"{Seed.Text}, from {whole[i].Next}");
        }
    }

    [Fact]
    public async Task Read_ConnectionsCutAtRandomBytes_GivesEachDocumentOnce()
    {
        var bucket = await server.NewBucketAsync();
        var random = Seed.For(nameof(Read_ConnectionsCutAtRandomBytes_GivesEachDocumentOnce));
        await GrowAsync(bucket, random);
        await bucket.PutAsync("r/large.jsonl", TestBucket.Lines("large", 5_000));
        await bucket.PutAsync("r/large.jsonl.gz", TestBucket.Gzip(TestBucket.Lines("packed", 5_000)));
        var expected = (await bucket.ReadAsync(bucket.Spec("r/"))).Select(Show).ToList();

        for (var round = 0; round < 8; round++)
        {
            await using var proxy = new CuttingProxy(server.Endpoint);
            const int attempts = 20;
            var source = await bucket.OpenAsync(bucket.Spec("r/"), options =>
            {
                options.Endpoint = proxy.Address;
                options.RetryBaseDelay = TimeSpan.FromMilliseconds(1);
            });
            proxy.CutAll();
            for (var cut = 0; cut < 30; cut++)
            {
                proxy.Ends.Enqueue(new(random.Next(3) == 0 ? random.Next(1_000) : random.Next(200_000)));
            }

            List<SourceRecord> records = [];
            var until = random.Next(expected.Count);
            await foreach (var record in source.ReadAsJobAsync(SourceCursor.Start, attempts, Token))
            {
                if (records.Count == until)
                {
                    break;
                }

                records.Add(record);
            }

            var cursor = records.Count == 0 ? SourceCursor.Start : records[^1].Next;
            records.AddRange(await source.ReadAsJobAsync(cursor, attempts, Token).ToListAsync(Token));

            Assert.True(expected.SequenceEqual(records.Select(Show)), $"{Seed.Text}, round {round}");
            Assert.True(proxy.Accepted > 1);
        }
    }

    [Fact]
    public async Task Read_ServerKilledInTheMiddle_GoesOnWhenItIsBack()
    {
        var ids = await ReadAcrossAsync(server.KillAsync, server.RestartAsync);

        Assert.Equal(Enumerable.Range(0, LargeLines).Select(static i => $"k/a.jsonl#{i}"), ids);
    }

    [Fact]
    public async Task Read_ServerFrozenInTheMiddle_GoesOnWhenItIsBack()
    {
        var ids = await ReadAcrossAsync(server.FreezeAsync, server.ThawAsync);

        Assert.Equal(Enumerable.Range(0, LargeLines).Select(static i => $"k/a.jsonl#{i}"), ids);
    }

    [Fact]
    public async Task Read_ServerStaysFrozen_IsHeardOfAfterOneMoreAttempt()
    {
        var bucket = await server.NewBucketAsync();
        // More than the buffers on the way hold: what has arrived is read, whatever the server does.
        await bucket.PutAsync("k/a.jsonl", TestBucket.Lines("a", LargeLines));
        var source = await bucket.OpenAsync(bucket.Spec("k/"), static options => options.IdleTimeout = TimeSpan.FromMilliseconds(300));
        await using var records = source.ReadAsync(SourceCursor.Start, Token).GetAsyncEnumerator(Token);
        Assert.True(await records.MoveNextAsync());

        await server.FreezeAsync();
        try
        {
            var error = await Assert.ThrowsAsync<TransientException>(async () =>
            {
                while (await records.MoveNextAsync())
                {
                    Assert.Null(records.Current.Item.FaultCode);
                }
            });
            Assert.Equal(ErrorCodes.Timeout, error.Code);
        }
        finally
        {
            await server.ThawAsync();
        }
    }

    /// <summary>Breaks the server after the first records and repairs it once the reader has noticed.</summary>
    private async Task<List<string>> ReadAcrossAsync(Func<Task> broken, Func<Task> repaired)
    {
        var bucket = await server.NewBucketAsync();
        await bucket.PutAsync("k/a.jsonl", TestBucket.Lines("a", LargeLines));
        using var noticed = new EventSignal(WaitingEvent);
        var source = await bucket.OpenAsync(
            bucket.Spec("k/"),
            static options =>
            {
                options.RangeBytes = 1 << 20;
                options.IdleTimeout = TimeSpan.FromSeconds(1);
                options.RetryMaxDelay = TimeSpan.FromMilliseconds(200);
            },
            noticed);
        List<string> ids = [];
        await using var records = source.ReadAsJobAsync(SourceCursor.Start, 100, Token).GetAsyncEnumerator(Token);
        while (await records.MoveNextAsync())
        {
            Assert.Null(records.Current.Item.FaultCode);
            ids.Add(records.Current.Item.Id);
            if (ids.Count == 100)
            {
                await broken();
                _ = RepairAsync();
            }
        }

        Assert.True(noticed.Seen.IsCompleted);
        return ids;

        async Task RepairAsync()
        {
            await noticed.Seen;
            await repaired();
        }
    }

    private static async Task GrowAsync(TestBucket bucket, Random random)
    {
        string[] endings = [".txt", ".md", ".jsonl", ".json", ".jsonl.gz", ".txt.gz"];
        for (var i = 0; i < 14; i++)
        {
            var ending = endings[random.Next(endings.Length)];
            var content = random.Next(6) == 0 ? "" : Content(ending, random);
            var key = $"r/{(random.Next(2) == 0 ? "" : $"d{random.Next(3)}/")}f{i}{ending}";
            if (ending.EndsWith(".gz", StringComparison.Ordinal))
            {
                await bucket.PutAsync(key, TestBucket.Gzip(content));
            }
            else
            {
                await bucket.PutAsync(key, content);
            }
        }

        await bucket.PutAsync("r/d1/x.txt", "x");
        await bucket.PutAsync("single.jsonl", Content(".jsonl", random));
    }

    private static string Content(string ending, Random random)
    {
        var records = Enumerable.Range(0, random.Next(1, 6)).Select(i => random.Next(5) == 0 ? "{bad" + "}" : $"{{\"text\":\"t{i}\",\"n\":{i}}}");
        if (ending.StartsWith(".jsonl", StringComparison.Ordinal))
        {
            return string.Join(random.Next(2) == 0 ? "\n" : "\r\n\r\n", records);
        }

        return ending == ".json" ? $"[{string.Join(",\n", records)}]" : $"Content {random.Next()}";
    }

    private static string Show(SourceRecord record) =>
        $"{record.Item with { Metadata = [] }}|{string.Join(',', record.Item.Metadata.OrderBy(static field => field.Key, StringComparer.Ordinal))}|{record.Next}";
}
