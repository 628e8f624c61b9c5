using Orleans;
using Quiver.GrainInterfaces.Tenants;

namespace Quiver.Tests.Unit.Client.Grains;

/// <summary>A tenant's ledger that holds one job's events.</summary>
internal sealed class ScriptedLedgerGrain(JobScript script) : Grain, ITenantQueryGrain
{
    public Task<ImmutableArray<JobEvent>> ReadEventsAsync(JobId job, long afterSequence, int limit, CancellationToken cancellationToken = default) =>
        Task.FromResult(script.Read(afterSequence, limit));

    public Task<Page<JobStatus>> ListJobsAsync(JobListRequest request, CancellationToken cancellationToken = default) =>
        Task.FromResult(new Page<JobStatus> { Items = [script.Current] });

    public Task<Page<FailedDocument>> ListFailuresAsync(JobId job, string? after, int limit, CancellationToken cancellationToken = default) =>
        Task.FromResult(new Page<FailedDocument> { Items = [] });

    public Task<JobReport> GetReportAsync(JobId job, CancellationToken cancellationToken = default) =>
        Task.FromResult(new JobReport { Status = script.Current, DocumentsPerSecond = 0, ChunksPerSecond = 0 });

    public Task<Page<CollectionInfo>> ListCollectionsAsync(string? after, int limit, CancellationToken cancellationToken = default) =>
        Task.FromResult(new Page<CollectionInfo> { Items = [] });

    public Task<TenantUsage> GetUsageAsync(CancellationToken cancellationToken = default) => Task.FromResult(new TenantUsage());
}
