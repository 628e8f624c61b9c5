using Quiver.Core.Jobs;
using Quiver.Core.Ledger;
using Quiver.GrainInterfaces.Tenants;

namespace Quiver.Core.Tenants;

/// <summary>Reads a tenant's part of the ledger. Thread-safe.</summary>
/// <param name="tenant">The tenant.</param>
/// <param name="ledger">The ledger.</param>
/// <param name="jobs">The jobs' own statuses, which may be newer than the ledger's.</param>
public sealed class TenantReader(TenantId tenant, ILedger ledger, IJobStatuses jobs)
{
    private const int MaxConcurrentCounts = 8;

    /// <summary>Returns a page of jobs, newest first.</summary>
    public async Task<Page<JobStatus>> ListJobsAsync(JobListRequest request, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        var page = await ledger.ListJobsAsync(tenant, request with { Limit = PageSize.Require(request.Limit) }, cancellationToken);

        // Only the job itself knows whether a silo works on it; few run at a time.
        var refreshed = page.Items.Select(job => job.State == JobState.Running ? RefreshAsync(job, cancellationToken) : Task.FromResult(job));
        return page with { Items = [.. await Task.WhenAll(refreshed)] };
    }

    /// <summary>Returns events after a sequence number, oldest first.</summary>
    /// <param name="job">The job.</param>
    /// <param name="afterSequence">0 for all that are kept.</param>
    /// <param name="limit">1 to <see cref="PageSize.Max"/>.</param>
    /// <param name="cancellationToken">Stops the request.</param>
    public async Task<ImmutableArray<JobEvent>> ReadEventsAsync(JobId job, long afterSequence, int limit, CancellationToken cancellationToken = default) =>
        [.. await ledger.ReadEventsAsync(new JobKey(tenant, job), afterSequence, PageSize.Require(limit), cancellationToken)];

    /// <summary>Returns a page of failed documents, ordered by ordinal.</summary>
    /// <param name="job">The job.</param>
    /// <param name="after">The previous page's <see cref="Page{T}.Next"/>; null for the first.</param>
    /// <param name="limit">1 to <see cref="PageSize.Max"/>.</param>
    /// <param name="cancellationToken">Stops the request.</param>
    /// <exception cref="NotFoundException">With <see cref="ErrorCodes.UnknownJob"/>.</exception>
    public async Task<Page<FailedDocument>> ListFailuresAsync(JobId job, string? after, int limit, CancellationToken cancellationToken = default)
    {
        var key = new JobKey(tenant, job);
        _ = await ledger.FindJobAsync(key, cancellationToken) ?? throw UnknownJob.Error(key);
        return await ledger.ListFailuresAsync(key, after, PageSize.Require(limit), cancellationToken);
    }

    /// <summary>Returns a job's report; partial while the job runs.</summary>
    /// <exception cref="NotFoundException">With <see cref="ErrorCodes.UnknownJob"/>.</exception>
    public async Task<JobReport> GetReportAsync(JobId job, CancellationToken cancellationToken = default)
    {
        var key = new JobKey(tenant, job);

        // While the job runs, its own status is newer than the ledger's.
        var status = await jobs.GetAsync(key, cancellationToken);
        var failures = await ledger.ListFailuresAsync(key, null, JobReports.SampledFailures, cancellationToken);
        return JobReports.Create(status, failures.Items);
    }

    /// <summary>Returns a page of collections by name, with the ledger's counts.</summary>
    /// <param name="after">The previous page's <see cref="Page{T}.Next"/>; null for the first.</param>
    /// <param name="limit">1 to <see cref="PageSize.Max"/>.</param>
    /// <param name="cancellationToken">Stops the request.</param>
    public async Task<Page<CollectionInfo>> ListCollectionsAsync(string? after, int limit, CancellationToken cancellationToken = default)
    {
        var page = await ledger.ListCollectionsAsync(tenant, after, PageSize.Require(limit), cancellationToken);

        // From the ledger only: the list works while the vector store is down or a collection is busy.
        var items = ImmutableArray.CreateBuilder<CollectionInfo>(page.Items.Length);
        foreach (var chunk in page.Items.Chunk(MaxConcurrentCounts))
        {
            items.AddRange(await Task.WhenAll(chunk.Select(listed => CountAsync(listed, cancellationToken))));
        }

        return page with { Items = items.MoveToImmutable() };
    }

    /// <summary>Returns the embedding model usage of the tenant's jobs, without dry runs.</summary>
    public async Task<TenantUsage> GetUsageAsync(CancellationToken cancellationToken = default)
    {
        var sum = new TenantUsage();
        var request = new JobListRequest { Limit = PageSize.Max };
        do
        {
            var page = await ledger.ListJobsAsync(tenant, request, cancellationToken);
            sum = page.Items.Where(job => !job.Spec.DryRun).Aggregate(sum, Add);
            request = request with { After = page.Next };
        }
        while (request.After is not null);
        return sum;
    }

    private static TenantUsage Add(TenantUsage sum, JobStatus job) => new()
    {
        Jobs = sum.Jobs + 1,
        EmbeddingCalls = sum.EmbeddingCalls + job.Counters.EmbeddingCalls,
        EmbeddedTexts = sum.EmbeddedTexts + job.Counters.EmbeddedTexts,
        EmbeddedTokens = sum.EmbeddedTokens + job.Counters.EmbeddedTokens,
        CacheHits = sum.CacheHits + job.Counters.CacheHits,
        Cost = sum.Cost + job.Counters.Cost,
    };

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
            // Its state was lost; one such job must not hide the others.
            return listed;
        }
    }
}
