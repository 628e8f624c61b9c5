using Quiver.Tests.Integration.OpenAI;
using Quiver.Tests.Support;

namespace Quiver.Tests.Integration.S3;

/// <summary>Whole jobs over an S3 server that fails: the attempts and limits are the job's, and its waits show.</summary>
public sealed class S3JobTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Job_ThrottledForever_ShowsIt_FailsWhenAnOutageHasLastedLongEnough_AndGoesOnWhenItIsRetried()
    {
        await using var s3 = await FailingS3.StartAsync(503, "SlowDown");
        await using var silo = await StartAsync(s3, ("Quiver:Jobs:MaxAttempts", "1"), ("Quiver:Jobs:OutageLimit", "00:00:01"));
        var job = await SubmitAsync(silo);

        var failed = await silo.EndAsync(job);
        s3.Mend();
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
