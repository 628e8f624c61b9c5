using Quiver.Tests.Services.S3;
using Quiver.Tests.Support;

namespace Quiver.Tests.Integration.Sources.S3;

[Collection(S3ServerCollection.Name)]
public sealed class S3RefusalTests(S3Server server)
{
    private const string WrongSecret = "not-the-secret-0451";

    [Theory]
    [InlineData("")]
    [InlineData("a.txt")]
    public async Task Open_WrongSecret_SaysSoWithoutShowingIt(string key)
    {
        var bucket = await server.NewBucketAsync();
        await bucket.PutAsync("a.txt", "a");

        var error = await Assert.ThrowsAsync<PermanentException>(() => bucket.OpenAsync(bucket.Spec(key), static options => options.SecretKey = WrongSecret));

        Assert.Equal(ErrorCodes.InvalidCredentials, error.Code);
        Assert.Contains("Quiver:S3:AccessKey", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(WrongSecret, error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Open_UnknownAccessKey_SaysSo()
    {
        var bucket = await server.NewBucketAsync();

        var error = await Assert.ThrowsAsync<PermanentException>(() => bucket.OpenAsync(bucket.Spec(), static options => options.AccessKey = "test:unknown"));

        Assert.Equal(ErrorCodes.InvalidCredentials, error.Code);
    }

    [Theory]
    [InlineData("s3://no-such-bucket/", ErrorCodes.BucketNotFound, "no-such-bucket")]
    [InlineData("s3://no-such-bucket/a.txt", ErrorCodes.BucketNotFound, "no-such-bucket")]
    [InlineData("BUCKET/missing.txt", ErrorCodes.PathNotFound, "missing.txt/'")]
    [InlineData("BUCKET/missing/", ErrorCodes.PathNotFound, "missing/")]
    [InlineData("s3://key:secret@bucket/a", ErrorCodes.InvalidOption, "contains no credentials")]
    [InlineData("s3://", ErrorCodes.InvalidOption, "bucket")]
    [InlineData("/a/file.txt", ErrorCodes.InvalidOption, "a job of their own")]
    public async Task Open_WhatIsNotThere_IsRefusedWithItsName(string path, string code, string part)
    {
        var bucket = await server.NewBucketAsync();
        var spec = bucket.Spec() with { Paths = [path.Replace("BUCKET", $"s3://{bucket.Name}", StringComparison.Ordinal)] };

        var error = await Assert.ThrowsAsync<InvalidRequestException>(() => bucket.OpenAsync(spec));

        Assert.Equal(code, error.Code);
        Assert.Contains(part, error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("key:secret", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Open_OutsideOfAllowedBuckets_IsRefused()
    {
        var bucket = await server.NewBucketAsync();
        await bucket.PutAsync("open/a.txt", "a");
        await bucket.PutAsync("closed/a.txt", "a");
        var allowed = $"{bucket.Name}/open/";

        Assert.Equal(["open/a.txt"], await bucket.OutcomesAsync(bucket.Spec("open/"), options => options.AllowedBuckets.Add(allowed)));
        var error = await Assert.ThrowsAsync<InvalidRequestException>(() => bucket.OpenAsync(bucket.Spec("closed/"), options => options.AllowedBuckets.Add(allowed)));
        Assert.Equal(ErrorCodes.PathNotAllowed, error.Code);
    }

    [Fact]
    public async Task Open_EmptyBucket_IsASourceWithoutDocuments()
    {
        var bucket = await server.NewBucketAsync();

        Assert.Empty(await bucket.OutcomesAsync(bucket.Spec()));
    }

    [Fact]
    public async Task Open_ServerAway_IsTransientAndNamesIt()
    {
        var bucket = await server.NewBucketAsync();
        await using var proxy = new CuttingProxy(server.Endpoint) { Refuses = true };

        var error = await Assert.ThrowsAsync<TransientException>(() => bucket.OpenAsync(bucket.Spec(), options => options.Endpoint = proxy.Address));

        Assert.Equal(ErrorCodes.ServerUnavailable, error.Code);
        Assert.Contains($"127.0.0.1:{proxy.Address.Port}", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Read_BucketVanishes_FailsTheSource()
    {
        var bucket = await server.NewBucketAsync();
        var source = await bucket.OpenAsync(bucket.Spec());
        await server.Client.DeleteBucketAsync(bucket.Name, TestContext.Current.CancellationToken);

        var error = await Assert.ThrowsAsync<PermanentException>(async () =>
            await source.ReadAsync(Quiver.Core.Sources.SourceCursor.Start, TestContext.Current.CancellationToken).ToListAsync(TestContext.Current.CancellationToken));

        Assert.Equal(ErrorCodes.BucketNotFound, error.Code);
    }
}
