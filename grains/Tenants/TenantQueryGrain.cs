using Orleans.Concurrency;
using Quiver.Core.Jobs;
using Quiver.Core.Ledger;
using Quiver.Core.Tenants;
using Quiver.GrainInterfaces.Tenants;

namespace Quiver.Grains.Tenants;

/// <summary>Reads a tenant's part of the ledger.</summary>
[StatelessWorker(8)]
internal sealed class TenantQueryGrain(ILedger ledger) : Grain, ITenantQueryGrain
{
    private TenantReader Reader => new(TenantId.Parse(this.GetPrimaryKeyString()), ledger, new GrainJobStatuses(GrainFactory));

    public Task<Page<JobStatus>> ListJobsAsync(JobListRequest request, CancellationToken cancellationToken = default) =>
        Reader.ListJobsAsync(request, cancellationToken);

    public Task<ImmutableArray<JobEvent>> ReadEventsAsync(JobId job, long afterSequence, int limit, CancellationToken cancellationToken = default) =>
        Reader.ReadEventsAsync(job, afterSequence, limit, cancellationToken);

    public Task<Page<FailedDocument>> ListFailuresAsync(JobId job, string? after, int limit, CancellationToken cancellationToken = default) =>
        Reader.ListFailuresAsync(job, after, limit, cancellationToken);

    public Task<JobReport> GetReportAsync(JobId job, CancellationToken cancellationToken = default) => Reader.GetReportAsync(job, cancellationToken);

    public Task<Page<CollectionInfo>> ListCollectionsAsync(string? after, int limit, CancellationToken cancellationToken = default) =>
        Reader.ListCollectionsAsync(after, limit, cancellationToken);

    public Task<TenantUsage> GetUsageAsync(CancellationToken cancellationToken = default) => Reader.GetUsageAsync(cancellationToken);
}

/// <summary>Reads statuses from the jobs' grains: only they know whether a silo works on the job.</summary>
internal sealed class GrainJobStatuses(IGrainFactory grains) : IJobStatuses
{
    public Task<JobStatus> GetAsync(JobKey job, CancellationToken cancellationToken = default) =>
        grains.GetGrain<IIngestionJobGrain>(job.ToString()).GetStatusAsync(cancellationToken);
}
