namespace Quiver.Core.Jobs;

/// <summary>
/// Reads the current status of jobs. The ledger's summaries can be slightly outdated: a job's own state is updated first. Thread-safe.
/// </summary>
public interface IJobStatuses
{
    /// <summary>Returns a job's current status.</summary>
    /// <exception cref="NotFoundException">With <see cref="ErrorCodes.UnknownJob"/>.</exception>
    Task<JobStatus> GetAsync(JobKey job, CancellationToken cancellationToken = default);
}

/// <summary>The error for a job that does not exist.</summary>
public static class UnknownJob
{
    /// <summary>Creates the error.</summary>
    public static NotFoundException Error(JobKey job) =>
        new(ErrorCodes.UnknownJob, $"There is no job {job.Job} in tenant {job.Tenant}: 'quiver jobs list' (GET /v1/jobs) shows the existing ones.");
}

/// <summary>A job whose state is lost.</summary>
public static class LostJob
{
    /// <summary>Returns the status of an unfinished job as failed: it cannot continue.</summary>
    /// <param name="left">What the ledger has of it.</param>
    /// <param name="now">The time.</param>
    public static JobStatus Fail(JobStatus left, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(left);
        return left with
        {
            State = JobState.Failed,
            Active = false,
            FinishedAt = now,
            ErrorCode = ErrorCodes.StateLost,
            ErrorMessage = "The job's state was lost, so it cannot continue: submit it again; documents that are already stored are skipped as unchanged.",
        };
    }
}
