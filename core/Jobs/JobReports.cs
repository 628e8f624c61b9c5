namespace Quiver.Core.Jobs;

/// <summary>Creates reports.</summary>
public static class JobReports
{
    /// <summary>Failed documents that a report counts by code.</summary>
    public const int SampledFailures = 1000;

    private const int ShownFailures = 10;

    /// <summary>Creates the report of a job's current status.</summary>
    /// <param name="status">The job.</param>
    /// <param name="failures">Its first failed documents, at most <see cref="SampledFailures"/>.</param>
    public static JobReport Create(JobStatus status, ImmutableArray<FailedDocument> failures)
    {
        ArgumentNullException.ThrowIfNull(status);
        var seconds = status.Elapsed.TotalSeconds;
        return new JobReport
        {
            Status = status,
            DocumentsPerSecond = seconds > 0 ? status.Counters.Documents / seconds : 0,
            ChunksPerSecond = seconds > 0 ? status.Counters.Chunks / seconds : 0,
            FailuresByCode = failures.GroupBy(failure => failure.Code).ToImmutableDictionary(group => group.Key, group => group.LongCount()),
            FirstFailures = [.. failures.Take(ShownFailures)],
        };
    }
}
