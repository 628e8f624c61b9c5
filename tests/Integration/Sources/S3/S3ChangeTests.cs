using Quiver.Adapters.Storage.S3;
using Quiver.Core.Sources;
using Quiver.Tests.Services.S3;

namespace Quiver.Tests.Integration.Sources.S3;

/// <summary>Objects that are replaced or deleted while a job reads them.</summary>
[Collection(S3ServerCollection.Name)]
public sealed class S3ChangeTests(S3Server server)
{
    private const int Records = 2_000;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Replaced_InTheMiddle_Restart_ReadsTheNewObjectFromItsBeginning()
    {
        var bucket = await server.NewBucketAsync();
        var (seen, rest) = await ReadAcrossAsync(bucket, ObjectChangedAction.Restart, () => bucket.PutAsync("o/a.jsonl", TestBucket.Lines("new", Records)));

        Assert.All(seen, static record => Assert.StartsWith("old", record.Item.Text, StringComparison.Ordinal));
        var fresh = rest.SkipWhile(static record => record.Item.Text.StartsWith("old", StringComparison.Ordinal)).ToList();
        Assert.Equal(("o/a.jsonl", true), (fresh[0].Item.Id, fresh[0].Item.SourceChanged));
        fresh.RemoveAt(0);
        Assert.All(fresh[..^1], static record => Assert.Equal((1, false), (record.Item.Rereads, record.Item.SourceChanged)));
        Assert.Equal(0, fresh[^1].Item.Rereads);
        Assert.Equal([.. Enumerable.Range(0, Records).Select(static i => $"o/a.jsonl#{i}"), "o/b.txt"], fresh.Select(static record => record.Item.Id));
        Assert.Equal(Enumerable.Range(0, seen.Count + rest.Count).Select(static i => (long)i), seen.Concat(rest).Select(static record => record.Item.Ordinal));
    }

    [Fact]
    public async Task Replaced_InTheMiddle_Fail_FailsWithTheObjectsName()
    {
        var bucket = await server.NewBucketAsync();

        var error = await Assert.ThrowsAsync<PermanentException>(() =>
            ReadAcrossAsync(bucket, ObjectChangedAction.Fail, () => bucket.PutAsync("o/a.jsonl", TestBucket.Lines("new", Records))));

        Assert.Equal(ErrorCodes.SourceChanged, error.Code);
        Assert.Contains(bucket.Address("o/a.jsonl"), error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Replaced_AgainAndAgain_Restart_FailsSayingWhatToDo()
    {
        var bucket = await server.NewBucketAsync();
        await bucket.PutAsync("o/a.jsonl", TestBucket.Lines("v0", Records));
        var source = await bucket.OpenAsync(bucket.Spec("o/"), static options => options.RangeBytes = 65_536);
        List<SourceRecord> news = [];
        var version = 0;

        var error = await Assert.ThrowsAsync<PermanentException>(async () =>
        {
            await foreach (var record in source.ReadAsync(SourceCursor.Start, Token))
            {
                if (record.Item.SourceChanged)
                {
                    news.Add(record);
                }
                else if (record.Item.Text.StartsWith($"v{version} ", StringComparison.Ordinal))
                {
                    await bucket.PutAsync("o/a.jsonl", TestBucket.Lines($"v{++version}", Records));
                }
            }
        });

        Assert.Equal((6, ErrorCodes.SourceChanged), (version, error.Code));
        Assert.Contains($"'{bucket.Address("o/a.jsonl")}' was replaced 6 times", error.Message, StringComparison.Ordinal);
        Assert.Contains("Quiver:S3:OnObjectChanged=Restart", error.Message, StringComparison.Ordinal);
        Assert.Contains("Retry the job when the object no longer changes", error.Message, StringComparison.Ordinal);
        Assert.Single(news);
    }

    [Fact]
    public async Task Deleted_InTheMiddle_Restart_GoesOnWithTheNextObject()
    {
        var bucket = await server.NewBucketAsync();

        var (_, rest) = await ReadAcrossAsync(bucket, ObjectChangedAction.Restart, () => bucket.DeleteAsync("o/a.jsonl"));

        Assert.Equal("o/b.txt", rest[^1].Item.Id);
        Assert.All(rest, static record => Assert.Null(record.Item.FaultCode));
        Assert.True(rest[^2].Item.SourceChanged);
    }

    [Fact]
    public async Task Deleted_InTheMiddle_Fail_Fails()
    {
        var bucket = await server.NewBucketAsync();

        var error = await Assert.ThrowsAsync<PermanentException>(() => ReadAcrossAsync(bucket, ObjectChangedAction.Fail, () => bucket.DeleteAsync("o/a.jsonl")));

        Assert.Equal(ErrorCodes.SourceChanged, error.Code);
    }

    [Theory]
    [InlineData(ObjectChangedAction.Restart)]
    [InlineData(ObjectChangedAction.Fail)]
    public async Task Replaced_BehindTheListing_ReadsWhatIsThereNow(ObjectChangedAction action)
    {
        var bucket = await server.NewBucketAsync();
        foreach (var key in new[] { "a", "b", "c" })
        {
            await bucket.PutAsync($"o/{key}.txt", "old");
        }

        await using var records = (await bucket.OpenAsync(bucket.Spec("o/"), options => (options.OnObjectChanged, options.ReadAhead) = (action, 0)))
            .ReadAsync(SourceCursor.Start, Token).GetAsyncEnumerator(Token);
        Assert.True(await records.MoveNextAsync());
        await bucket.PutAsync("o/b.txt", "new");
        await bucket.DeleteAsync("o/c.txt");

        Assert.True(await records.MoveNextAsync());

        Assert.Equal(("o/b.txt", "new"), (records.Current.Item.Id, records.Current.Item.Text));
        Assert.False(await records.MoveNextAsync());
    }

    [Theory]
    [InlineData(ObjectChangedAction.Restart)]
    [InlineData(ObjectChangedAction.Fail)]
    public async Task Resume_ObjectWasReplaced_DoesAsConfigured(ObjectChangedAction action)
    {
        var bucket = await server.NewBucketAsync();
        await bucket.PutAsync("o/a.jsonl", TestBucket.Lines("old", 10));
        var cursor = (await bucket.ReadAsync(bucket.Spec("o/")))[4].Next;
        await bucket.PutAsync("o/a.jsonl", TestBucket.Lines("new", 10));

        var resuming = bucket.ReadAsync(bucket.Spec("o/"), cursor, options => options.OnObjectChanged = action);

        if (action == ObjectChangedAction.Fail)
        {
            Assert.Equal(ErrorCodes.SourceChanged, (await Assert.ThrowsAsync<PermanentException>(() => resuming)).Code);
        }
        else
        {
            Assert.Equal(["o/a.jsonl 5", .. Enumerable.Range(0, 10).Select(static i => $"o/a.jsonl#{i} {i + 6}")], (await resuming).Select(static record => $"{record.Item.Id} {record.Item.Ordinal}"));
        }
    }

    [Fact]
    public async Task Resume_WithinWhatIsReadAgain_StillKnowsThatItIsAndTellsItOnce()
    {
        var bucket = await server.NewBucketAsync();
        await bucket.PutAsync("o/a.jsonl", TestBucket.Lines("old", 10));
        var first = await bucket.ReadAsync(bucket.Spec("o/"));
        await bucket.PutAsync("o/a.jsonl", TestBucket.Lines("new", 10));
        var second = await bucket.ReadAsync(bucket.Spec("o/"), first[4].Next);

        // Behind the news itself, and behind the fourth record.
        var whole = await bucket.ReadAsync(bucket.Spec("o/"), second[0].Next);
        var rest = await bucket.ReadAsync(bucket.Spec("o/"), second[4].Next);
        await bucket.PutAsync("o/a.jsonl", TestBucket.Lines("newest", 10));
        var third = await bucket.ReadAsync(bucket.Spec("o/"), second[4].Next);

        Assert.True(second[0].Item.SourceChanged);
        Assert.Equal(second[1..].Select(static record => record.Item.Id), whole.Select(static record => record.Item.Id));
        Assert.Equal(second[5..].Select(static record => record.Item.Id), rest.Select(static record => record.Item.Id));
        Assert.All(whole.Concat(rest), static record => Assert.Equal((1, false), (record.Item.Rereads, record.Item.SourceChanged)));
        Assert.Equal(10, third.Count);
        Assert.All(third, static record => Assert.Equal((2, false), (record.Item.Rereads, record.Item.SourceChanged)));
    }

    [Fact]
    public async Task Resume_ObjectIsGone_GoesOnBehindItsKey()
    {
        var bucket = await server.NewBucketAsync();
        await bucket.PutAsync("o/a.jsonl", TestBucket.Lines("old", 10));
        await bucket.PutAsync("o/b.txt", "b");
        var cursor = (await bucket.ReadAsync(bucket.Spec("o/")))[4].Next;
        await bucket.DeleteAsync("o/a.jsonl");

        var rest = await bucket.ReadAsync(bucket.Spec("o/"), cursor);

        Assert.Equal([("o/a.jsonl", true), ("o/b.txt", false)], rest.Select(static record => (record.Item.Id, record.Item.SourceChanged)));
        var behind = await bucket.ReadAsync(bucket.Spec("o/"), rest[0].Next);
        Assert.Equal(["o/b.txt"], behind.Select(static record => record.Item.Id));
    }

    [Fact]
    public async Task NamedObject_GoneAfterOpening_IsMissed()
    {
        var bucket = await server.NewBucketAsync();
        await bucket.PutAsync("a.jsonl", TestBucket.Lines("old", 1));
        var source = await bucket.OpenAsync(bucket.Spec("a.jsonl"));
        await bucket.DeleteAsync("a.jsonl");

        var record = Assert.Single(await source.ReadAsync(SourceCursor.Start, Token).ToListAsync(Token));

        Assert.Equal((ErrorCodes.UnreadableFile, true), (record.Item.FaultCode, record.Item.HidesOthers));
    }

    /// <summary>Reads a part of an object, changes it, reads on.</summary>
    private static async Task<(List<SourceRecord> Seen, List<SourceRecord> Behind)> ReadAcrossAsync(TestBucket bucket, ObjectChangedAction action, Func<Task> change)
    {
        await bucket.PutAsync("o/a.jsonl", TestBucket.Lines("old", Records));
        await bucket.PutAsync("o/b.txt", "b");
        var source = await bucket.OpenAsync(bucket.Spec("o/"), options =>
        {
            options.OnObjectChanged = action;
            options.RangeBytes = 65_536;
        });
        List<SourceRecord> seen = [];
        List<SourceRecord> rest = [];
        await foreach (var record in source.ReadAsync(SourceCursor.Start, Token))
        {
            (seen.Count < 100 ? seen : rest).Add(record);
            if (seen.Count == 100 && rest.Count == 0)
            {
                await change();
            }
        }

        Assert.Equal(100, seen.Count);
        return (seen, rest);
    }
}
