namespace Quiver.Core.Jobs;

/// <summary>The error of a job that does not exist.</summary>
public static class UnknownJob
{
    /// <summary>One sentence that says what there is instead.</summary>
    /// <param name="job">The job.</param>
    public static NotFoundException Error(JobKey job) =>
        new(ErrorCodes.UnknownJob, $"There is no job {job.Job} in tenant {job.Tenant}: 'quiver jobs list' shows those there are.");
}
