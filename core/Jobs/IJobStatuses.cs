namespace Quiver.Core.Jobs;

/// <summary>Jobs as they stand. The ledger's summaries can be a little behind: what a job has just done is in its own state first. Thread-safe.</summary>
public interface IJobStatuses
{
    /// <summary>A job as it stands.</summary>
    /// <param name="job">The job.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="NotFoundException">With <see cref="ErrorCodes.UnknownJob"/>.</exception>
    Task<JobStatus> GetAsync(JobKey job, CancellationToken cancellationToken = default);
}
