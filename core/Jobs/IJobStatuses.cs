namespace Quiver.Core.Jobs;

/// <summary>Jobs as they stand. The ledger's summaries can be a little behind: what a job has just done is in its own state first. Thread-safe.</summary>
public interface IJobStatuses
{
    /// <summary>A job as it stands.</summary>
    /// <exception cref="NotFoundException">With <see cref="ErrorCodes.UnknownJob"/>.</exception>
    Task<JobStatus> GetAsync(JobKey job, CancellationToken cancellationToken = default);
}

/// <summary>The error of a job that does not exist.</summary>
public static class UnknownJob
{
    /// <summary>One sentence that says what there is instead.</summary>
    public static NotFoundException Error(JobKey job) =>
        new(ErrorCodes.UnknownJob, $"There is no job {job.Job} in tenant {job.Tenant}: 'quiver jobs list' shows those there are.");
}
