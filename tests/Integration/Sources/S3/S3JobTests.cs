using Quiver.Tests.Integration.Embeddings.OpenAI;
using Quiver.Tests.Services.S3;
using Quiver.Tests.Support;

namespace Quiver.Tests.Integration.Sources.S3;

/// <summary>Whole jobs over an S3 server that fails: the attempts and limits are the job's, and its waits show.</summary>
public sealed class S3JobTests
{
    private const long Records = 2_000;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Job_ThrottledForever_ShowsIt_FailsWhenAnOutageHasLastedLongEnough_AndGoesOnWhenItIsRetried()
    {
        await using var s3 = await FailingS3.StartAsync(503, "SlowDown");
        await using var silo = await StartAsync(s3, ("Quiver:Jobs:MaxAttempts", "1"), ("Quiver:Jobs:OutageLimit", "00:00:01"));
        var job = await SubmitAsync(silo);

        var failed = await silo.EndAsync(job);
        s3.Repair();
        var last = (await silo.Client().RetryJobAsync(job, Token)).LastEventSequence;
        var done = await silo.EndAsync(job, after: last);

        Assert.Equal((JobState.Failed, ErrorCodes.ServerUnavailable), (failed.Status.State, failed.Status.ErrorCode));
        Assert.Contains("SlowDown", failed.Status.ErrorMessage, StringComparison.Ordinal);
        Assert.Contains("Quiver:Jobs:OutageLimit", failed.Status.ErrorMessage, StringComparison.Ordinal);
        Assert.Equal((JobState.Completed, 1L), (done.Status.State, done.Status.Counters.Stored));
        Assert.True(await StallsAsync(silo, job) > 0);
    }

    [Fact]
    public async Task Job_ServerThatFails_IsAskedAsOftenAsTheJobHasAttempts()
    {
        await using var s3 = await FailingS3.StartAsync(500, "InternalError");
        await using var silo = await StartAsync(s3, ("Quiver:Jobs:MaxAttempts", "4"));
        var job = await SubmitAsync(silo);

        var failed = await silo.EndAsync(job);

        Assert.Equal((JobState.Failed, ErrorCodes.ServerUnavailable, 4), (failed.Status.State, failed.Status.ErrorCode, s3.Reads));
        Assert.True(await StallsAsync(silo, job) > 0);
    }

    [Theory]
    [InlineData(503, "SlowDown", ErrorCodes.ServerUnavailable)]
    [InlineData(0, "", ErrorCodes.Timeout)]
    public async Task Job_ServerThrottlesOrFreezesInTheMiddle_ShowsItAndGoesOnWhereItWas(int status, string code, string expected)
    {
        await using var s3 = await FailingS3.StartAsync(status, code, TestBucket.Lines("a", (int)Records), sound: 1);
        await using var silo = await StartAsync(s3, ("Quiver:S3:RangeBytes", "65536"), ("Quiver:S3:ReadAhead", "0"), ("Quiver:S3:IdleTimeout", "00:00:02"));
        var job = await SubmitAsync(silo);

        await StalledAsync(silo, job, expected);
        s3.Repair();
        var done = await silo.EndAsync(job);

        Assert.Equal((JobState.Completed, Records, Records), (done.Status.State, done.Status.Counters.Documents, done.Status.Counters.Stored));
        Assert.True(s3.Reads > 2);
        Assert.All(s3.Asked.Skip(1), static asked => Assert.True(asked.From > 0));
    }

    [Fact]
    public async Task Job_CredentialsExpireInTheMiddle_FailsSayingSo_AndGoesOnWhereItWasWhenRetriedWithNewOnes()
    {
        await using var s3 = await FailingS3.StartAsync(400, "ExpiredToken", TestBucket.Lines("a", (int)Records), sound: 1);
        await using var silo = await StartAsync(s3, ("Quiver:S3:RangeBytes", "65536"), ("Quiver:S3:ReadAhead", "0"));
        var job = await SubmitAsync(silo);

        var failed = await silo.EndAsync(job);
        s3.Repair();
        var last = (await silo.Client().RetryJobAsync(job, Token)).LastEventSequence;
        var done = await silo.EndAsync(job, after: last);

        Assert.Equal((JobState.Failed, ErrorCodes.InvalidCredentials), (failed.Status.State, failed.Status.ErrorCode));
        Assert.Contains("ExpiredToken", failed.Status.ErrorMessage, StringComparison.Ordinal);
        Assert.InRange(failed.Status.Counters.Stored, 1, Records - 1);
        Assert.Equal((JobState.Completed, Records, Records), (done.Status.State, done.Status.Counters.Documents, done.Status.Counters.Stored));
        Assert.All(s3.Asked.Skip(1), static asked => Assert.True(asked.From > 0));
    }

    /// <summary>Follows a job until it reports a stall.</summary>
    private static async Task StalledAsync(ProviderSilo silo, JobId job, string code)
    {
        await foreach (var change in silo.Client().WatchJobAsync(job, 0, Token))
        {
            if (change.Kind == JobEventKind.Stalled && change.Code == code)
            {
                return;
            }
        }

        Assert.Fail("The job ended without having waited.");
    }

    private static Task<ProviderSilo> StartAsync(FailingS3 s3, params (string Name, string Value)[] settings) =>
        ProviderSilo.StartAsync([("Quiver:S3:Endpoint", s3.Endpoint), ("Quiver:S3:AccessKey", "any"), ("Quiver:S3:SecretKey", "any"), .. settings]);

    private static async Task<JobId> SubmitAsync(ProviderSilo silo)
    {
        var source = new SourceSpec { Kind = "s3", Paths = [FailingS3.Address] };
        return (await silo.Client().SubmitAsync(new JobSpec { Tenant = TenantId.Parse("acme"), Collection = ProviderSilo.Docs, Source = source }, Token)).Id;
    }

    private static async Task<int> StallsAsync(ProviderSilo silo, JobId job)
    {
        var stalls = 0;
        await foreach (var change in silo.Client().WatchJobAsync(job, 0, Token))
        {
            stalls += change is { Kind: JobEventKind.Stalled, Code: ErrorCodes.ServerUnavailable } ? 1 : 0;
        }

        return stalls;
    }
}
