using Quiver.Client;
using Quiver.Tests.Services.S3;
using Quiver.Tests.Support.Qdrant;

namespace Quiver.Tests.Integration.EndToEnd;

/// <summary>A job over the objects of a bucket, followed to its end through whatever happens to it.</summary>
internal sealed class StormJob(TestBucket bucket, ThreeServices services, string context)
{
    public static readonly TenantId Tenant = TenantId.Parse("default");
    public static readonly CollectionName Docs = CollectionName.Parse("docs");

    private const int MostInterruptions = 10;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async Task<JobId> SubmitAsync(IQuiverClient client)
    {
        var spec = new JobSpec { Tenant = Tenant, Collection = Docs, Source = bucket.Spec(StormDocuments.Prefix) with { IdField = "id" } };
        var before = await CountAsync(client);
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return (await client.SubmitAsync(spec, Token)).Id;
            }
            catch (TransientException) when (attempt < MostInterruptions)
            {
                // The bucket is checked before a job is accepted; a throttled caller retries.
                Assert.Equal(before, await CountAsync(client));
            }
        }
    }

    /// <summary>Retries it when it fails, and resumes it when it pauses, if they say truthfully why; whenever it stands still, what is stored is right.</summary>
    /// <returns>The completed job.</returns>
    public async Task<JobReport> EndAsync(IQuiverClient client, JobId job, IReadOnlyList<StandInPoint> expected)
    {
        long seen = 0;
        for (var interruption = 0; interruption < MostInterruptions; interruption++)
        {
            var change = await StandstillAsync(client, job, seen);
            var report = await client.GetReportAsync(job, Token);
            StoredPoints.AssertWithin(expected, services.Points, context);
            switch (report.Status.State)
            {
                case JobState.Failed:
                    Assert.Contains(report.Status.ErrorCode, (string[])[ErrorCodes.DimensionMismatch, ErrorCodes.ProviderDenied]);
                    Assert.Contains("scripted", report.Status.ErrorMessage, StringComparison.Ordinal);
                    seen = change.Sequence;
                    await TellAsync(client, job, JobState.Failed, client.RetryJobAsync);
                    break;
                case JobState.Paused:
                    Assert.Equal(ErrorCodes.StorageFull, report.Status.ErrorCode);
                    seen = change.Sequence;
                    await TellAsync(client, job, JobState.Paused, client.ResumeJobAsync);
                    break;
                default:
                    return report;
            }
        }

        throw new InvalidOperationException($"{context}: the job stood still {MostInterruptions} times.");
    }

    /// <summary>The documents that failed alone, each for a reason that this storm can have had.</summary>
    public async Task<IReadOnlySet<string>> FailuresAsync(IQuiverClient client, JobReport report, IReadOnlySet<string> poisonous)
    {
        var failures = (await client.ListFailuresAsync(report.Status.Id, null, 1000, Token)).Items;
        Assert.Equal(report.Status.Counters.Failed, failures.Length);
        var isClean = failures.Length == 0 && report.Status.Counters.SourceChanges == 0;
        Assert.Equal(report.Status.State, isClean ? JobState.Completed : JobState.CompletedWithWarnings);
        Assert.All(failures, failure => Assert.Equal(poisonous.Contains(failure.DocumentId) ? ErrorCodes.RefusedText : ErrorCodes.InvalidEmbedding, failure.Code));
        return failures.Select(static failure => failure.DocumentId).ToHashSet();
    }

    /// <summary>Tells a job what to do until it has done it: its silo may have died a moment ago.</summary>
    private static async Task TellAsync(IQuiverClient client, JobId job, JobState from, Func<JobId, CancellationToken, Task<JobStatus>> tell)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                await tell(job, Token);
                return;
            }
            catch (TransientException) when (attempt < MostInterruptions)
            {
                if ((await client.GetJobAsync(job, Token)).State != from)
                {
                    return;
                }
            }
        }
    }

    private static async Task<int> CountAsync(IQuiverClient client) => (await client.ListJobsAsync(new JobListRequest(), Token)).Items.Length;

    private static async Task<JobEvent> StandstillAsync(IQuiverClient client, JobId job, long after)
    {
        await foreach (var change in client.WatchJobAsync(job, after, Token))
        {
            if (change.Kind == JobEventKind.StateChanged && (change.State == JobState.Paused || change.State.IsFinal()))
            {
                return change;
            }
        }

        throw new InvalidOperationException($"The events of job {job} ended before it did.");
    }
}
