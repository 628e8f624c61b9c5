using System.Text;
using Quiver.Core.Sources;
using Quiver.Tests.Services.S3;

namespace Quiver.Tests.Integration.Sources.S3;

[Collection(S3ServerCollection.Name)]
public sealed class S3MemoryTests(S3Server server)
{
    private const int BlockLines = 256;
    private const int LineBytes = 64 * 1024;
    private const int Repetitions = 64;

    [Fact]
    public async Task Read_OneGigabyte_NeedsTheMemoryOfAFewRecords()
    {
        var bucket = await server.NewBucketAsync();
        await bucket.PutRepeatedAsync("large.jsonl", Encoding.UTF8.GetBytes(TestBucket.Lines("x", BlockLines, LineBytes)), Repetitions);
        var source = await bucket.OpenAsync(bucket.Spec("large.jsonl"));
        var (count, bytes, most) = (0L, 0L, 0L);
        var before = GC.GetTotalMemory(forceFullCollection: true);

        await foreach (var record in source.ReadAsync(SourceCursor.Start, TestContext.Current.CancellationToken))
        {
            Assert.Null(record.Item.FaultCode);
            bytes += record.Item.SourceBytes;
            if (++count % 2_048 == 0)
            {
                most = Math.Max(most, GC.GetTotalMemory(forceFullCollection: true) - before);
            }
        }

        Assert.Equal(BlockLines * Repetitions, count);
        Assert.True(bytes > 1_000_000_000, $"{bytes} bytes were read.");

        // Other tests of this process hold memory as well.
        Assert.True(most < bytes / 4, $"{most} bytes were held.");
    }
}
