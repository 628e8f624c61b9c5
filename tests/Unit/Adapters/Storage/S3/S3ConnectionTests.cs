using Amazon.S3;
using Amazon.S3.Model;
using Microsoft.Extensions.Options;
using Quiver.Adapters.Storage.S3;
using Quiver.Tests.Support;

namespace Quiver.Tests.Unit.Adapters.Storage.S3;

/// <summary>What the settings make of the client: seen in the requests that it signs.</summary>
public sealed class S3ConnectionTests
{
    [Theory]
    [InlineData(null, null, "https://the-bucket.s3.eu-west-1.amazonaws.com/a/b.txt")]
    [InlineData(null, true, "https://s3.eu-west-1.amazonaws.com/the-bucket/a/b.txt")]
    [InlineData("https://s3.example.org:9000", null, "https://s3.example.org:9000/the-bucket/a/b.txt")]
    [InlineData("https://s3.example.org:9000", false, "https://the-bucket.s3.example.org:9000/a/b.txt")]
    public async Task Client_PathStyle_PutsTheBucketWhereItIsToldOrWhereItsServerWantsIt(string? endpoint, bool? pathStyle, string address)
    {
        var link = await SignAsync(new S3Options { Endpoint = endpoint is null ? null : new Uri(endpoint), PathStyle = pathStyle, AccessKey = "the-key", SecretKey = "the-secret" });

        Assert.Equal(address, link.GetLeftPart(UriPartial.Path));
        Assert.Contains("%2Feu-west-1%2Fs3%2F", link.Query, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Client_TemporaryKeys_SendsTheirToken()
    {
        var options = new S3Options { AccessKey = "the-key", SecretKey = "the-secret", SessionToken = "the-token" };

        var temporary = await SignAsync(options);
        options.SessionToken = null;
        var lasting = await SignAsync(options);

        Assert.Contains("X-Amz-Credential=the-key%2F", temporary.Query, StringComparison.Ordinal);
        Assert.Contains("X-Amz-Security-Token=the-token", temporary.Query, StringComparison.Ordinal);
        Assert.DoesNotContain("the-secret", temporary.Query, StringComparison.Ordinal);
        Assert.DoesNotContain("X-Amz-Security-Token", lasting.Query, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Client_Anonymous_SignsNothing(bool anonymous)
    {
        await using var s3 = await FailingS3.StartAsync("open to all");
        using var connection = new S3Connection(Options.Create(new S3Options
        {
            Endpoint = new Uri(s3.Endpoint),
            Anonymous = anonymous,
            AccessKey = anonymous ? null : "the-key",
            SecretKey = anonymous ? null : "the-secret",
        }));

        using var answer = await connection.Client.GetObjectAsync("bucket", "data/a.jsonl", TestContext.Current.CancellationToken);

        Assert.Equal(anonymous, Assert.Single(s3.Asked).Authorization is null);
    }

    private static async Task<Uri> SignAsync(S3Options options)
    {
        options.Region = "eu-west-1";
        using var connection = new S3Connection(Options.Create(options));
        return new Uri(await connection.Client.GetPreSignedURLAsync(
            new GetPreSignedUrlRequest { BucketName = "the-bucket", Key = "a/b.txt", Verb = HttpVerb.GET, Expires = DateTime.UtcNow.AddMinutes(5) }));
    }
}
