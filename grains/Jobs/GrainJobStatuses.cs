
using Quiver.Core.Jobs;

namespace Quiver.Grains.Jobs;

/// <summary>Asks the job's grain, which alone knows whether a silo works on it.</summary>
internal sealed class GrainJobStatuses(IGrainFactory grains) : IJobStatuses
{
    public Task<JobStatus> GetAsync(JobKey job, CancellationToken cancellationToken = default) =>
        grains.GetGrain<IIngestionJobGrain>(job.ToString()).GetStatusAsync(cancellationToken);
}
