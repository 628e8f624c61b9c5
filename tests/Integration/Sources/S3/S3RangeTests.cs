using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Quiver.Adapters.Sources.S3;
using Quiver.Adapters.Storage.S3;
using Quiver.Core.Sources;
using Quiver.Tests.Services.S3;
using Quiver.Tests.Support;

namespace Quiver.Tests.Integration.Sources.S3;

/// <summary>What is asked of the server: ranges of one version, the next byte after a cut, the checkpoint's byte after a stop.</summary>
public sealed class S3RangeTests
{
    private const int Range = 65_536;
    private const int CutAt = 40_000;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Read_CutInTheMiddle_GoesOnAtTheNextByteOfTheSameVersion()
    {
        var content = TestBucket.Lines("a", 800);
        await using var s3 = await FailingS3.StartAsync(content, CutAt);
        await using var services = Services(s3);
        var requests = services.GetRequiredService<S3Requests>();
        await using var stream = new S3ObjectStream(requests, new("bucket", "data/a.jsonl", s3.Size, FailingS3.ETag), 0, requests.JobRetry());
        var read = new byte[content.Length];

        await stream.ReadExactlyAsync(read.AsMemory(0, CutAt), Token);
        s3.Cut.Open();
        await stream.ReadExactlyAsync(read.AsMemory(CutAt), Token);

        Assert.Equal(content, System.Text.Encoding.UTF8.GetString(read));
        Assert.Equal(
            [(0L, Range - 1L), (CutAt, CutAt + Range - 1L), (CutAt + Range, s3.Size - 1)],
            s3.Asked.Select(static asked => (asked.From!.Value, asked.To!.Value)));
        Assert.All(s3.Asked, static asked => Assert.Equal(FailingS3.ETag, asked.IfMatch));
    }

    [Fact]
    public async Task Read_FromACursor_BeginsAtItsByteOfItsVersion()
    {
        var content = TestBucket.Lines("a", 800);
        await using var s3 = await FailingS3.StartAsync(content);
        await using var services = Services(s3);
        var source = await services.GetRequiredService<ISourceFactory>().OpenAsync(new SourceSpec { Kind = "s3", Paths = [FailingS3.Address] }, Token);
        var whole = await source.ReadAsync(SourceCursor.Start, Token).ToListAsync(Token);
        s3.Asked.Clear();

        var rest = await source.ReadAsync(whole[399].Next, Token).ToListAsync(Token);

        Assert.Equal(whole[400..].Select(static record => record.Item.Text), rest.Select(static record => record.Item.Text));
        Assert.Equal((content.Length / 2L, FailingS3.ETag), (s3.Asked.First().From, s3.Asked.First().IfMatch));
        Assert.All(s3.Asked, static asked => Assert.Equal(FailingS3.ETag, asked.IfMatch));
    }

    private static ServiceProvider Services(FailingS3 s3) => new ServiceCollection()
        .AddSingleton(TimeProvider.System)
        .AddSingleton(Random.Shared)
        .AddLogging(static logging => logging.ClearProviders())
        .AddS3Sources(options =>
        {
            options.Endpoint = new Uri(s3.Endpoint);
            (options.AccessKey, options.SecretKey) = ("any", "any");
            (options.RangeBytes, options.ReadAhead) = (Range, 0);
            options.RetryBaseDelay = TimeSpan.FromMilliseconds(1);
        })
        .BuildServiceProvider();
}
