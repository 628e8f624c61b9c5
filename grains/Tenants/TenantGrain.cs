using Microsoft.Extensions.Options;
using Quiver.Core.Collections;
using Quiver.Core.Jobs;
using Quiver.Core.Ledger;
using Quiver.Core.Tenants;
using Quiver.GrainInterfaces.Tenants;

namespace Quiver.Grains.Tenants;

/// <summary>Admits a tenant's jobs, and limits its dedicated collections.</summary>
internal sealed class TenantGrain(
    [PersistentState("tenant", StreamNames.GrainStorage)] IPersistentState<TenantState> state,
    IJobLedger ledger,
    IOptions<JobOptions> options,
    IOptions<CollectionOptions> collections) : Grain, ITenantGrain
{
    private JobOptions Options => options.Value;

    private TenantId Tenant => TenantId.Parse(this.GetPrimaryKeyString());

    public async Task<JobId> ReserveAsync(JobId job, string? idempotencyToken, CancellationToken cancellationToken = default)
    {
        if (idempotencyToken is { Length: 0 or > JobSpec.MaxIdempotencyTokenLength })
        {
            throw new InvalidRequestException(ErrorCodes.InvalidOption, $"An idempotency token has 1 to {JobSpec.MaxIdempotencyTokenLength} characters.");
        }

        var before = state.State;
        if (idempotencyToken is not null && before.Tokens.Find(idempotencyToken) is { } earlier)
        {
            return earlier;
        }

        if (before.Jobs.Waiting.Length >= Options.MaxQueuedPerTenant)
        {
            before.Jobs.Request(job, Options.MaxRunningPerTenant, Options.MaxQueuedPerTenant, out _);
        }

        if (idempotencyToken is not null)
        {
            await WriteAsync(before with { Tokens = before.Tokens.Add(idempotencyToken, job) });
        }

        return job;
    }

    public async Task<bool> RequestAdmissionAsync(JobId job, CancellationToken cancellationToken = default)
    {
        if (!state.State.Jobs.Running.Contains(job) && state.State.Jobs.Running.Length >= Options.MaxRunningPerTenant)
        {
            await ReleaseEndedAsync(cancellationToken);
        }

        var next = state.State.Jobs.Request(job, Options.MaxRunningPerTenant, Options.MaxQueuedPerTenant, out var admitted);
        await WriteJobsAsync(next);
        return admitted;
    }

    public async Task ReleaseAsync(JobId job, CancellationToken cancellationToken = default)
    {
        var next = state.State.Jobs.Release(job, Options.MaxRunningPerTenant, out var admitted);
        await WriteJobsAsync(next);
        await NotifyAsync(admitted);
    }

    public async Task TakeDedicatedAsync(CollectionName collection, CancellationToken cancellationToken = default)
    {
        var taken = state.State.Dedicated ?? [];
        if (taken.Contains(collection))
        {
            return;
        }

        var max = collections.Value.MaxDedicatedPerTenant;
        if (taken.Length >= max)
        {
            throw new ConflictException(
                ErrorCodes.TooManyDedicated,
                $"Tenant {Tenant} may have {max} dedicated collections and has {taken.Length}: share a physical collection, delete one, or raise Quiver:Collections:{nameof(CollectionOptions.MaxDedicatedPerTenant)}.");
        }

        await WriteAsync(state.State with { Dedicated = taken.Add(collection) });
    }

    public async Task ReleaseDedicatedAsync(CollectionName collection, CancellationToken cancellationToken = default)
    {
        if (state.State.Dedicated is { } taken && taken.Contains(collection))
        {
            await WriteAsync(state.State with { Dedicated = taken.Length == 1 ? null : taken.Remove(collection) });
        }
    }

    public async Task ForgetAsync(JobId job, CancellationToken cancellationToken = default)
    {
        await ReleaseAsync(job, cancellationToken);
        var tokens = state.State.Tokens.Remove(job);
        if (!ReferenceEquals(tokens, state.State.Tokens))
        {
            await WriteAsync(state.State with { Tokens = tokens });
        }
    }

    /// <summary>Releases jobs that ended according to the ledger: a job may end just before its silo dies and never release its admission.</summary>
    private async Task ReleaseEndedAsync(CancellationToken cancellationToken)
    {
        foreach (var job in state.State.Jobs.Running)
        {
            var known = await ledger.FindJobAsync(new JobKey(Tenant, job), cancellationToken);
            if (known is null)
            {
                // Its submission may have stopped halfway: the job itself knows, and releases its admission if it does not exist.
                await NotifyAsync([job]);
            }
            else if (known.State.IsFinal() || known.State == JobState.Paused)
            {
                await ReleaseAsync(job, cancellationToken);
            }
        }
    }

    private async Task NotifyAsync(ImmutableArray<JobId> admitted)
    {
        foreach (var job in admitted)
        {
            await GrainFactory.GetGrain<IIngestionJobGrain>(new JobKey(Tenant, job).ToString()).AdmittedAsync();
        }
    }

    private Task WriteJobsAsync(AdmissionQueue jobs) =>
        ReferenceEquals(jobs, state.State.Jobs) ? Task.CompletedTask : WriteAsync(state.State with { Jobs = jobs });

    private Task WriteAsync(TenantState next) => state.ReplaceAsync(next, DeactivateOnIdle);
}
