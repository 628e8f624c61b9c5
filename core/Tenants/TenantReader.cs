using Quiver.Core.Jobs;
using Quiver.Core.Ledger;
using Quiver.GrainInterfaces.Tenants;

namespace Quiver.Core.Tenants;

/// <summary>Reads a tenant's part of the ledger. Thread-safe.</summary>
/// <param name="tenant">The tenant.</param>
/// <param name="ledger">The ledger.</param>
/// <param name="jobs">What the ledger may not know yet.</param>
public sealed class TenantReader(TenantId tenant, ILedger ledger, IJobStatuses jobs)
{
    private const int MostCountsAtOnce = 8;

    /// <summary>A page of jobs, newest first.</summary>
    public async Task<Page<JobStatus>> ListJobsAsync(JobListRequest request, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        var page = await ledger.ListJobsAsync(tenant, request with { Limit = PageSize.Require(request.Limit) }, cancellationToken);

        // Only the job itself knows whether a silo works on it; few run at a time.
        return page with { Items = [.. await Task.WhenAll(page.Items.Select(job => job.State == JobState.Running ? RefreshAsync(job, cancellationToken) : Task.FromResult(job)))] };
    }

    /// <summary>Events after a sequence number, oldest first.</summary>
    /// <param name="job">The job.</param>
    /// <param name="afterSequence">0 for all that are kept.</param>
    /// <param name="limit">1 to 1,000.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<ImmutableArray<JobEvent>> ReadEventsAsync(JobId job, long afterSequence, int limit, CancellationToken cancellationToken = default) =>
        [.. await ledger.ReadEventsAsync(new JobKey(tenant, job), afterSequence, PageSize.Require(limit), cancellationToken)];

    /// <summary>A page of failed documents by ordinal.</summary>
    /// <param name="job">The job.</param>
    /// <param name="after">The page before's <see cref="Page{T}.Next"/>.</param>
    /// <param name="limit">1 to 1,000.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="NotFoundException">With <see cref="ErrorCodes.UnknownJob"/>.</exception>
    public async Task<Page<FailedDocument>> ListFailuresAsync(JobId job, string? after, int limit, CancellationToken cancellationToken = default)
    {
        var key = new JobKey(tenant, job);
        _ = await ledger.FindJobAsync(key, cancellationToken) ?? throw UnknownJob.Error(key);
        return await ledger.ListFailuresAsync(key, after, PageSize.Require(limit), cancellationToken);
    }

    /// <summary>A job's report, or what there is of it so far.</summary>
    /// <exception cref="NotFoundException">With <see cref="ErrorCodes.UnknownJob"/>.</exception>
    public async Task<JobReport> GetReportAsync(JobId job, CancellationToken cancellationToken = default)
    {
        var key = new JobKey(tenant, job);

        // The job knows more than the ledger while it runs.
        var status = await jobs.GetAsync(key, cancellationToken);
        var failures = await ledger.ListFailuresAsync(key, null, JobReports.SampledFailures, cancellationToken);
        return JobReports.Create(status, failures.Items);
    }

    /// <summary>A page of collections by name, with the counts that the ledger has.</summary>
    /// <param name="after">The page before's <see cref="Page{T}.Next"/>.</param>
    /// <param name="limit">1 to 1,000.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<Page<CollectionInfo>> ListCollectionsAsync(string? after, int limit, CancellationToken cancellationToken = default)
    {
        var page = await ledger.ListCollectionsAsync(tenant, after, PageSize.Require(limit), cancellationToken);

        // All from the ledger: the list is there when the vector store is not, and when a collection is busy.
        var items = ImmutableArray.CreateBuilder<CollectionInfo>(page.Items.Length);
        foreach (var some in page.Items.Chunk(MostCountsAtOnce))
        {
            items.AddRange(await Task.WhenAll(some.Select(listed => CountAsync(listed, cancellationToken))));
        }

        return page with { Items = items.MoveToImmutable() };
    }

    /// <summary>What the tenant's jobs used of embedding models.</summary>
    public async Task<TenantUsage> GetUsageAsync(CancellationToken cancellationToken = default)
    {
        var sum = new TenantUsage();
        var request = new JobListRequest { Limit = PageSize.Max };
        do
        {
            var page = await ledger.ListJobsAsync(tenant, request, cancellationToken);
            sum = page.Items.Aggregate(sum, TenantUsages.Add);
            request = request with { After = page.Next };
        }
        while (request.After is not null);
        return sum;
    }

    private async Task<CollectionInfo> CountAsync(CollectionInfo listed, CancellationToken cancellationToken)
    {
        var totals = await ledger.CountAsync(new CollectionKey(tenant, listed.Name), cancellationToken);
        return listed with { Documents = totals.Documents, Points = totals.Chunks };
    }

    private async Task<JobStatus> RefreshAsync(JobStatus listed, CancellationToken cancellationToken)
    {
        try
        {
            return await jobs.GetAsync(new JobKey(tenant, listed.Id), cancellationToken);
        }
        catch (NotFoundException)
        {
            // Its state was lost; one such job must not hide all the others.
            return listed;
        }
    }
}
