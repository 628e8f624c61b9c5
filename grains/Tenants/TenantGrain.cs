using Microsoft.Extensions.Options;
using Quiver.Core.Collections;
using Quiver.Core.Jobs;
using Quiver.Core.Ledger;
using Quiver.Core.Tenants;
using Quiver.GrainInterfaces.Tenants;

namespace Quiver.Grains.Tenants;

/// <summary>Admits a tenant's jobs.</summary>
internal sealed class TenantGrain(
    [PersistentState("tenant", StreamNames.GrainStorage)] IPersistentState<TenantState> state,
    IJobLedger ledger,
    IOptions<JobOptions> options,
    IOptions<CollectionOptions> collections) : Grain, ITenantGrain
{
    private const int MaxTokenLength = 128;

    private JobOptions Options => options.Value;

    private TenantId Tenant => TenantId.Parse(this.GetPrimaryKeyString());

    public async Task<JobId> ReserveAsync(JobId job, string? idempotencyToken, CancellationToken cancellationToken = default)
    {
        var before = state.State;
        if (idempotencyToken is { Length: 0 or > MaxTokenLength })
        {
            throw new InvalidRequestException(ErrorCodes.InvalidOption, $"An idempotency token has 1 to {MaxTokenLength} characters.");
        }

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
            await WriteAsync(new TenantState { Jobs = before.Jobs, Tokens = before.Tokens.Add(idempotencyToken, job), Dedicated = before.Dedicated });
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
        await TellAsync(admitted);
    }

    public async Task TakeDedicatedAsync(CollectionName collection, CancellationToken cancellationToken = default)
    {
        var before = state.State;
        var taken = before.Dedicated ?? [];
        if (taken.Contains(collection))
        {
            return;
        }

        var most = collections.Value.MaxDedicatedPerTenant;
        if (taken.Length >= most)
        {
            throw new ConflictException(
                ErrorCodes.TooManyDedicated,
                $"Tenant {Tenant} may have {most} dedicated collections and has {taken.Length}: share a physical collection, delete one, or raise Quiver:Collections:{nameof(CollectionOptions.MaxDedicatedPerTenant)}.");
        }

        await WriteAsync(new TenantState { Jobs = before.Jobs, Tokens = before.Tokens, Dedicated = taken.Add(collection) });
    }

    public async Task ReleaseDedicatedAsync(CollectionName collection, CancellationToken cancellationToken = default)
    {
        var before = state.State;
        if (before.Dedicated is { } taken && taken.Contains(collection))
        {
            await WriteAsync(new TenantState { Jobs = before.Jobs, Tokens = before.Tokens, Dedicated = taken.Length == 1 ? null : taken.Remove(collection) });
        }
    }

    public async Task ForgetAsync(JobId job, CancellationToken cancellationToken = default)
    {
        await ReleaseAsync(job, cancellationToken);
        var tokens = state.State.Tokens.Remove(job);
        if (!ReferenceEquals(tokens, state.State.Tokens))
        {
            await WriteAsync(new TenantState { Jobs = state.State.Jobs, Tokens = tokens, Dedicated = state.State.Dedicated });
        }
    }

    /// <summary>A job that ended just before its silo died may never have given its turn back; the ledger knows.</summary>
    private async Task ReleaseEndedAsync(CancellationToken cancellationToken)
    {
        foreach (var job in state.State.Jobs.Running)
        {
            var known = await ledger.FindJobAsync(new JobKey(Tenant, job), cancellationToken);
            if (known is null)
            {
                // Its submission may have died half-way: the job itself knows, and gives the turn back when there is none.
                await TellAsync([job]);
            }
            else if (known.State.IsFinal() || known.State == JobState.Paused)
            {
                await ReleaseAsync(job, cancellationToken);
            }
        }
    }

    private async Task TellAsync(ImmutableArray<JobId> admitted)
    {
        foreach (var job in admitted)
        {
            await GrainFactory.GetGrain<IIngestionJobGrain>(new JobKey(Tenant, job).ToString()).AdmittedAsync();
        }
    }

    private Task WriteJobsAsync(AdmissionQueue jobs) =>
        ReferenceEquals(jobs, state.State.Jobs) ? Task.CompletedTask : WriteAsync(new TenantState { Jobs = jobs, Tokens = state.State.Tokens, Dedicated = state.State.Dedicated });

    private Task WriteAsync(TenantState next) => state.ReplaceAsync(next, DeactivateOnIdle);
}
