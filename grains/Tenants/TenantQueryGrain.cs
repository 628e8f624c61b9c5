using Orleans.Concurrency;
using Quiver.GrainInterfaces.Tenants;
using Quiver.Pipeline.Jobs;
using Quiver.Pipeline.Ledger;
using Quiver.Pipeline.Tenants;

namespace Quiver.Grains.Tenants;

/// <summary>Reads a tenant's part of the ledger.</summary>
[StatelessWorker(8)]
internal sealed class TenantQueryGrain(ILedger ledger) : Grain, ITenantQueryGrain
{
    private const int MostCountsAtOnce = 8;

    private TenantId Tenant => TenantId.Parse(this.GetPrimaryKeyString());

    public async Task<Page<JobStatus>> ListJobsAsync(JobListRequest request, CancellationToken cancellationToken = default)
    {
        var page = await ledger.ListJobsAsync(Tenant, request with { Limit = PageSize.Require(request.Limit) }, cancellationToken);

        // Only the job itself knows whether a silo works on it; few run at a time.
        return page with { Items = [.. await Task.WhenAll(page.Items.Select(job => job.State == JobState.Running ? GetStatusAsync(job, cancellationToken) : Task.FromResult(job)))] };
    }

    public async Task<ImmutableArray<JobEvent>> ReadEventsAsync(JobId job, long afterSequence, int limit, CancellationToken cancellationToken = default) =>
        [.. await ledger.ReadEventsAsync(new JobKey(Tenant, job), afterSequence, PageSize.Require(limit), cancellationToken)];

    public async Task<Page<FailedDocument>> ListFailuresAsync(JobId job, string? after, int limit, CancellationToken cancellationToken = default)
    {
        await FindAsync(job, cancellationToken);
        return await ledger.ListFailuresAsync(new JobKey(Tenant, job), after, PageSize.Require(limit), cancellationToken);
    }

    public async Task<JobReport> GetReportAsync(JobId job, CancellationToken cancellationToken = default)
    {
        // The grain knows more than the ledger while the job runs.
        var status = await GetStatusAsync(job, cancellationToken);
        var failures = await ledger.ListFailuresAsync(new JobKey(Tenant, job), null, JobReports.SampledFailures, cancellationToken);
        return JobReports.Create(status, failures.Items);
    }

    public async Task<Page<CollectionInfo>> ListCollectionsAsync(string? after, int limit, CancellationToken cancellationToken = default)
    {
        var page = await ledger.ListCollectionsAsync(Tenant, after, PageSize.Require(limit), cancellationToken);

        // All from the ledger: the list is there when the vector store is not, and when a collection is busy.
        var items = ImmutableArray.CreateBuilder<CollectionInfo>(page.Items.Length);
        foreach (var some in page.Items.Chunk(MostCountsAtOnce))
        {
            items.AddRange(await Task.WhenAll(some.Select(listed => CountAsync(listed, cancellationToken))));
        }

        return page with { Items = items.MoveToImmutable() };
    }

    private async Task<CollectionInfo> CountAsync(CollectionInfo listed, CancellationToken cancellationToken)
    {
        var totals = await ledger.CountAsync(new CollectionKey(Tenant, listed.Name), cancellationToken);
        return listed with { Documents = totals.Documents, Points = totals.Chunks };
    }

    private async Task<JobStatus> GetStatusAsync(JobStatus told, CancellationToken cancellationToken)
    {
        try
        {
            return await GetStatusAsync(told.Id, cancellationToken);
        }
        catch (NotFoundException)
        {
            // Its state was lost; one such job must not hide all the others.
            return told;
        }
    }

    public async Task<TenantUsage> GetUsageAsync(CancellationToken cancellationToken = default)
    {
        var sum = new TenantUsage();
        var request = new JobListRequest { Limit = PageSize.Max };
        do
        {
            var page = await ledger.ListJobsAsync(Tenant, request, cancellationToken);
            sum = page.Items.Aggregate(sum, TenantUsages.Add);
            request = request with { After = page.Next };
        }
        while (request.After is not null);
        return sum;
    }

    private Task<JobStatus> GetStatusAsync(JobId job, CancellationToken cancellationToken) =>
        GrainFactory.GetGrain<IIngestionJobGrain>(new JobKey(Tenant, job).ToString()).GetStatusAsync(cancellationToken);

    private async Task<JobStatus> FindAsync(JobId job, CancellationToken cancellationToken) =>
        await ledger.FindJobAsync(new JobKey(Tenant, job), cancellationToken)
            ?? throw new NotFoundException(ErrorCodes.UnknownJob, $"There is no job {job} in tenant {Tenant}: 'quiver jobs list' shows those there are.");
}
