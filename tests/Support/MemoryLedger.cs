
using Quiver.Core.Ledger;

namespace Quiver.Tests.Support;

/// <summary>A ledger without a file: the whole contract, fencing included. Every write passes a fault switch before and after it.</summary>
internal sealed partial class MemoryLedger(FaultSwitch? faults = null) : ILedger
{
    private readonly Lock _gate = new();
    private readonly FaultSwitch _faults = faults ?? new();
    private readonly Dictionary<JobKey, JobStatus> _jobs = [];
    private readonly Dictionary<JobKey, SortedDictionary<long, JobEvent>> _events = [];
    private readonly Dictionary<JobKey, SortedDictionary<long, FailedDocument>> _failures = [];
    private readonly Dictionary<CollectionKey, CollectionInfo> _collections = [];

    public Task SaveJobAsync(JobStatus status, CancellationToken cancellationToken = default) =>
        WriteAsync(
            "save job",
            () =>
            {
                var key = new JobKey(status.Spec.Tenant, status.Id);
                var isStale = _jobs.TryGetValue(key, out var kept) && kept.CreatedAt == status.CreatedAt && kept.LastEventSequence > status.LastEventSequence;
                return isStale ? kept! : _jobs[key] = status with { Active = false };
            },
            cancellationToken);

    public Task<JobStatus?> FindJobAsync(JobKey key, CancellationToken cancellationToken = default) => Read(() => _jobs.GetValueOrDefault(key), cancellationToken);

    public Task<Page<JobStatus>> ListJobsAsync(TenantId tenant, JobListRequest request, CancellationToken cancellationToken = default) =>
        Read(
            () => new Page<JobStatus>
            {
                Items =
                [
                    .. _jobs.Values
                        .Where(job => job.Spec.Tenant == tenant && (request.State ?? job.State) == job.State && (request.Collection ?? job.Spec.Collection) == job.Spec.Collection)
                        .OrderByDescending(job => job.CreatedAt)
                        .Take(PageSize.Require(request.Limit)),
                ],
            },
            cancellationToken);

    public Task<IReadOnlyList<JobKey>> ListJobsToWakeAsync(JobKey? after, int limit, CancellationToken cancellationToken = default) =>
        Read<IReadOnlyList<JobKey>>(
            () =>
            [
                .. _jobs.Where(entry => entry.Value.State is JobState.Queued or JobState.Running)
                    .OrderBy(entry => entry.Value.CreatedAt)
                    .Select(entry => entry.Key)
                    .SkipWhile(key => after is not null && key != after)
                    .Where(key => key != after)
                    .Take(PageSize.Require(limit)),
            ],
            cancellationToken);

    public Task AppendEventsAsync(JobKey key, IReadOnlyList<JobEvent> events, CancellationToken cancellationToken = default) =>
        WriteAsync("append events", () => events.Count(item => Of(_events, key).TryAdd(item.Sequence, item)), cancellationToken);

    public Task<IReadOnlyList<JobEvent>> ReadEventsAsync(JobKey key, long afterSequence, int limit, CancellationToken cancellationToken = default) =>
        Read<IReadOnlyList<JobEvent>>(() => [.. Of(_events, key).Values.Where(item => item.Sequence > afterSequence).Take(PageSize.Require(limit))], cancellationToken);

    public Task SaveFailuresAsync(JobKey key, IReadOnlyList<FailedDocument> failures, CancellationToken cancellationToken = default) =>
        WriteAsync(
            "save failures",
            () =>
            {
                foreach (var failure in failures)
                {
                    Of(_failures, key)[failure.Ordinal] = failure;
                }

                return true;
            },
            cancellationToken);

    public Task DeleteFailuresAsync(JobKey key, long fromOrdinal, CancellationToken cancellationToken = default) =>
        WriteAsync("delete failures", () => Of(_failures, key).Keys.Where(ordinal => ordinal >= fromOrdinal).ToList().Count(Of(_failures, key).Remove), cancellationToken);

    public Task<Page<FailedDocument>> ListFailuresAsync(JobKey key, string? after, int limit, CancellationToken cancellationToken = default) =>
        Read(() => new Page<FailedDocument> { Items = [.. Of(_failures, key).Values.Take(PageSize.Require(limit))] }, cancellationToken);

    public Task<IReadOnlyList<JobKey>> ListExpiredJobsAsync(int keep, DateTimeOffset endedBefore, int limit, CancellationToken cancellationToken = default) =>
        Read<IReadOnlyList<JobKey>>(
            () =>
            [
                .. _jobs.Where(entry => entry.Value.State.IsFinal())
                    .GroupBy(entry => entry.Key.Tenant)
                    .SelectMany(tenant => tenant.OrderByDescending(entry => entry.Value.CreatedAt).Select((entry, place) => (entry.Key, Expired: place >= keep || entry.Value.FinishedAt < endedBefore)))
                    .Where(entry => entry.Expired)
                    .Select(entry => entry.Key)
                    .OrderBy(key => _jobs[key].CreatedAt)
                    .Take(PageSize.Require(limit)),
            ],
            cancellationToken);

    public Task DeleteJobAsync(JobKey key, CancellationToken cancellationToken = default) =>
        WriteAsync("delete job", () => _events.Remove(key) | _failures.Remove(key) | _jobs.Remove(key), cancellationToken);

    public Task SaveCollectionAsync(TenantId tenant, CollectionInfo collection, CancellationToken cancellationToken = default) =>
        WriteAsync("save collection", () => _collections[new CollectionKey(tenant, collection.Name)] = collection, cancellationToken);

    public Task DeleteCollectionAsync(CollectionKey key, CancellationToken cancellationToken = default) =>
        WriteAsync("delete collection", () => _collections.Remove(key), cancellationToken);

    public Task<Page<CollectionInfo>> ListCollectionsAsync(TenantId tenant, string? after, int limit, CancellationToken cancellationToken = default) =>
        Read(
            () => new Page<CollectionInfo>
            {
                Items = [.. _collections.Where(entry => entry.Key.Tenant == tenant).Select(entry => entry.Value).OrderBy(info => info.Name.Value, StringComparer.Ordinal).Take(limit)],
            },
            cancellationToken);

    private static SortedDictionary<long, T> Of<T>(Dictionary<JobKey, SortedDictionary<long, T>> lists, JobKey key)
    {
        if (!lists.TryGetValue(key, out var list))
        {
            list = [];
            lists.Add(key, list);
        }

        return list;
    }

    private Task<T> Read<T>(Func<T> read, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        lock (_gate)
        {
            return Task.FromResult(read());
        }
    }

    private async Task<T> WriteAsync<T>(string step, Func<T> write, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        await _faults.PassAsync("before " + step);
        T result;
        lock (_gate)
        {
            result = write();
        }

        await _faults.PassAsync("after " + step);
        return result;
    }
}
