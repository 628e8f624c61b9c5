using Quiver.Client;
using Quiver.Core.Vectors;
using Quiver.Tests.Services.S3;
using Quiver.Tests.Support.Qdrant;

namespace Quiver.Tests.Integration.EndToEnd;

/// <summary>What a job comes to, without a storm and with one.</summary>
internal static class StormOutcome
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>Runs a job that nothing befalls.</summary>
    /// <returns>What it stored.</returns>
    public static async Task<IReadOnlyList<StandInPoint>> OfUndisturbedAsync(IQuiverClient client, TestBucket bucket, ThreeServices services)
    {
        var id = await new StormJob(bucket, services, "undisturbed").SubmitAsync(client);
        await foreach (var change in client.WatchJobAsync(id, 0, Token))
        {
            Assert.NotEqual(JobState.Failed, change.State);
        }

        Assert.Equal(StormDocuments.Count, (await client.GetJobAsync(id, Token)).Counters.Stored);
        services.AssertVectorsAreTrue("undisturbed");
        return services.Points;
    }

    /// <summary>
    /// What is said to have failed has no point; everything else has all of them. Documents that were read twice, because their object was replaced, may have
    /// failed the first time and be stored none the less.
    /// </summary>
    public static async Task AssertTruthfulAsync(
        IQuiverClient client, StormJob job, JobReport report, IReadOnlyList<StandInPoint> expected, ThreeServices services, IReadOnlySet<string> poisonous, string context)
    {
        var failed = await job.FailuresAsync(client, report, poisonous);
        AssertCounted(report.Status.Counters);
        Assert.Subset(failed.ToHashSet(), poisonous.ToHashSet());
        var twice = report.Status.Counters.SourceChanges == 0 ? [] : failed.Where(StormDocuments.IsOfLarge).Except(poisonous).ToHashSet();
        var actual = services.Points;
        StoredPoints.AssertWithin(expected, actual, context);
        StoredPoints.AssertSame(
            [.. expected.Where(point => !failed.Contains(DocumentOf(point)))], [.. actual.Where(point => !twice.Contains(DocumentOf(point)))], context);
        services.AssertVectorsAreTrue(context);
    }

    /// <summary>Every document is counted, and those of an object that was replaced while it was read as often as they were read.</summary>
    private static void AssertCounted(JobCounters counters)
    {
        Assert.InRange(counters.SourceChanges, 0, 1);
        Assert.InRange(counters.Documents, StormDocuments.Count, StormDocuments.Count + (counters.SourceChanges * StormDocuments.PerObject));
    }

    /// <summary>A server that loses what it had said to have kept is found out, and the next job brings back all that is missing.</summary>
    public static async Task AssertMendedAsync(
        IQuiverClient client, StormJob job, IReadOnlyList<StandInPoint> expected, ThreeServices services, Random random, string context)
    {
        var lost = services.Points.OrderBy(_ => random.Next()).Take(10).ToList();
        services.Qdrant.State.Delete(services.Qdrant.State.Names.Single(), lost.Select(static point => point.Id));

        var found = await client.VerifyAsync(StormJob.Docs, repair: true, Token);
        var report = await job.EndAsync(client, await job.SubmitAsync(client), expected);

        Assert.Equal((lost.Count, 0L), ((int)found.MissingPoints, found.SurplusPoints));
        Assert.Equal((JobState.Completed, StormDocuments.Count), (report.Status.State, (int)(report.Status.Counters.Stored + report.Status.Counters.Unchanged)));
        StoredPoints.AssertSame(expected, services.Points, context);
        services.AssertVectorsAreTrue(context);
        Assert.True((await client.VerifyAsync(StormJob.Docs, repair: false, Token)).IsConsistent, context);
    }

    private static string DocumentOf(StandInPoint point) => point.Payload[PayloadFields.DocumentId]!.GetValue<string>();
}
