using Microsoft.Extensions.DependencyInjection;
using Quiver.Core.Sources;
using Quiver.Tests.Services.S3;
using Quiver.Tests.Support;

namespace Quiver.Tests.Integration.Sources.S3;

[Collection(S3ServerCollection.Name)]
public sealed class S3GzipTests(S3Server server)
{
    [Fact]
    public async Task Read_PackedObjects_GivesTheirContentByTheNameBeforeTheEnding()
    {
        var bucket = await server.NewBucketAsync();
        await bucket.PutAsync("z/a.jsonl.gz", [.. TestBucket.Gzip("{\"text\":\"1\"}\n"), .. TestBucket.Gzip("{\"text\":\"2\"}\n")]);
        await bucket.PutAsync("z/b.md.gz", TestBucket.Gzip("# b"));
        await bucket.PutAsync("z/c.tar.gz", TestBucket.Gzip("passed over"));

        var records = await bucket.ReadAsync(bucket.Spec("z/"));

        Assert.Equal(["z/a.jsonl.gz#0", "z/a.jsonl.gz#1", "z/b.md.gz"], records.Select(static record => record.Item.Id));
        Assert.Equal(["1", "2", "# b"], records.Select(static record => record.Item.Text));
        Assert.Equal(DocumentFormat.Markdown, records[2].Item.Format);
    }

    [Fact]
    public async Task Read_BrokenPacking_FailsThatObjectAlone()
    {
        var bucket = await server.NewBucketAsync();
        var packed = TestBucket.Gzip(TestBucket.Lines("x", 5_000));
        await bucket.PutAsync("z/a.txt.gz", "no gzip at all");
        await bucket.PutAsync("z/b.jsonl.gz", packed[..(packed.Length / 2)]);
        await bucket.PutAsync("z/c.txt", "whole");

        var records = await bucket.ReadAsync(bucket.Spec("z/"));

        Assert.Equal(("z/a.txt.gz", ErrorCodes.UnreadableFile, false), (records[0].Item.Id, records[0].Item.FaultCode, records[0].Item.HidesOthers));
        var cut = Assert.Single(records, static record => record.Item is { Id: "z/b.jsonl.gz" });
        Assert.Equal((ErrorCodes.UnreadableFile, true), (cut.Item.FaultCode, cut.Item.HidesOthers));
        Assert.Equal("z/c.txt", records[^1].Item.Id);
    }

    [Fact]
    public async Task Read_MoreThanAllowedWhenUnpacked_StopsThere()
    {
        var bucket = await server.NewBucketAsync();
        await bucket.PutAsync("z/a.jsonl.gz", TestBucket.Gzip(TestBucket.Lines("x", 20_000)));
        await bucket.PutAsync("z/b.txt.gz", TestBucket.Gzip(new string('b', 10_000_000)));
        await bucket.PutAsync("z/c.txt", "c");

        var records = await bucket.ReadAsync(bucket.Spec("z/") with { MaxDocumentBytes = 10_000 }, null, static options => options.MaxObjectBytes = 1_000_000);

        Assert.InRange(records.Count(static record => record.Item.FaultCode is null), 4_000, 5_001);
        Assert.Equal(
            ["z/a.jsonl.gz document_too_large", "z/b.txt.gz document_too_large"],
            records.Where(static record => record.Item.FaultCode is not null).Select(static record => FileSources.Show(record.Item)));
        Assert.Equal("z/c.txt", records[^1].Item.Id);
    }

    [Theory]
    [InlineData("z/a.parquet.gz", true)]
    [InlineData("z/a.parquet", false)]
    [InlineData("z/named-without-an-ending", false)]
    public async Task Read_FormatThatNeedsSeeking_IsSpooledAndResumes(string key, bool packed)
    {
        var bucket = await server.NewBucketAsync();
        await bucket.PutAsync(key, packed ? TestBucket.Gzip("TAILabc3") : "TAILabc3"u8.ToArray());
        var spool = new MemorySpool();
        var services = bucket.Services().AddSingleton(TailFormat.Registry(spool)).BuildServiceProvider();
        var source = await services.GetRequiredService<ISourceFactory>().OpenAsync(bucket.Spec("z/"), TestContext.Current.CancellationToken);

        var whole = await source.ReadAsync(SourceCursor.Start, TestContext.Current.CancellationToken).ToListAsync(TestContext.Current.CancellationToken);
        var rest = await source.ReadAsync(whole[0].Next, TestContext.Current.CancellationToken).ToListAsync(TestContext.Current.CancellationToken);

        Assert.Equal(["a", "b", "c"], whole.Select(static record => record.Item.Text));
        Assert.Equal(["b", "c"], rest.Select(static record => record.Item.Text));
        Assert.Equal((2, 0), (spool.Spooled, spool.Open));
    }
}
