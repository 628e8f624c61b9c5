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
