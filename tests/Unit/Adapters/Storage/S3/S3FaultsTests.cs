using System.Net;
using Amazon.Runtime;
using Amazon.S3;
using Quiver.Adapters.Storage.S3;

namespace Quiver.Tests.Unit.Adapters.Storage.S3;

public sealed class S3FaultsTests
{
    private static readonly S3Options Options = new() { Endpoint = new Uri("http://s3.example.org:9000"), AccessKey = "the-key", SecretKey = "the-secret" };

    [Theory]
    [InlineData("SlowDown", 503, "Throttled", ErrorCodes.ServerUnavailable)]
    [InlineData("", 429, "Throttled", ErrorCodes.ServerUnavailable)]
    [InlineData("InternalError", 500, "Transient", ErrorCodes.ServerUnavailable)]
    [InlineData("", 503, "Transient", ErrorCodes.ServerUnavailable)]
    [InlineData("RequestTimeout", 400, "Transient", ErrorCodes.ServerUnavailable)]
    [InlineData("", 200, "Transient", ErrorCodes.ServerUnavailable)]
    [InlineData("NoSuchKey", 404, "Gone", ErrorCodes.PathNotFound)]
    [InlineData("NoSuchBucket", 404, "Refused", ErrorCodes.BucketNotFound)]
    [InlineData("PreconditionFailed", 412, "Changed", ErrorCodes.SourceChanged)]
    [InlineData("InvalidRange", 416, "Changed", ErrorCodes.SourceChanged)]
    [InlineData("AccessDenied", 403, "Denied", ErrorCodes.AccessDenied)]
    [InlineData("InvalidObjectState", 403, "Denied", ErrorCodes.AccessDenied)]
    [InlineData("SignatureDoesNotMatch", 403, "Credentials", ErrorCodes.InvalidCredentials)]
    [InlineData("ExpiredToken", 400, "Credentials", ErrorCodes.InvalidCredentials)]
    [InlineData("PermanentRedirect", 301, "Refused", ErrorCodes.InvalidOption)]
    [InlineData("InvalidRequest", 400, "Refused", ErrorCodes.InvalidOption)]
    public void Classify_AnAnswer_GoesByItsCodeThenByItsStatus(string code, int status, string kind, string expected)
    {
        var fault = S3Faults.Classify(new AmazonS3Exception("said", ErrorType.Unknown, code, "request", (HttpStatusCode)status), "s3://b/k", Options);

        Assert.NotNull(fault);
        Assert.Equal((kind, expected), (fault.Kind.ToString(), fault.Code));
        Assert.Contains("s3", fault.Message, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("the-secret", fault.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("the-key", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Classify_WithoutAnAnswer_TellsSilenceFromABreakAndFromMissingCredentials()
    {
        Assert.Equal(ErrorCodes.Timeout, S3Faults.Classify(new OperationCanceledException(), "s3://b/k", Options)?.Code);
        Assert.Equal(ErrorCodes.ServerUnavailable, S3Faults.Classify(new HttpRequestException("refused"), "s3://b/k", Options)?.Code);
        Assert.Equal(ErrorCodes.ServerUnavailable, S3Faults.Classify(new IOException("reset"), "s3://b/k", Options)?.Code);
        Assert.Equal(ErrorCodes.InvalidCredentials, S3Faults.Classify(new AmazonClientException("no credentials"), "s3://b/k", Options)?.Code);
        Assert.Null(S3Faults.Classify(new InvalidOperationException(), "s3://b/k", Options));
    }

    [Theory]
    [InlineData("http://s3.example.org:9000", "S3 at s3.example.org:9000", "refused. Check that it runs, and Quiver:S3:Endpoint.")]
    [InlineData(null, "S3 in eu-central-1", "refused. Quiver:S3:Endpoint is not set, so AWS was used: set it if your S3 server is another one.")]
    public void Classify_AServerThatCannotBeReached_SaysWhichSettingNamesIt(string? endpoint, string server, string remedy)
    {
        var options = new S3Options { Endpoint = endpoint is null ? null : new Uri(endpoint), Region = "eu-central-1" };

        var fault = S3Faults.Classify(new HttpRequestException("refused"), "s3://b/k", options)!;

        Assert.StartsWith(server, fault.Message, StringComparison.Ordinal);
        Assert.EndsWith(remedy, fault.Message, StringComparison.Ordinal);
    }
}
