using Quiver.Core.Collections;
using Quiver.Core.Consistency;
using Quiver.GrainInterfaces.Tenants;

namespace Quiver.Grains.Collections;

/// <summary>Owns a tenant's collection.</summary>
internal sealed partial class CollectionGrain(
    [PersistentState("collection", StreamNames.GrainStorage)] IPersistentState<CollectionState> state,
    CollectionServices services) : Grain, ICollectionGrain, IRemindable
{
    private CollectionKey Key => CollectionKey.Parse(this.GetPrimaryKeyString());

    private CollectionSettings Settings => state.State.Settings ?? new();

    private bool IsDedicated => Settings.Dedicated ?? false;

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        if (state.State is { Pending: not null, Deleting: false })
        {
            StartChange();
        }

        return Task.CompletedTask;
    }

    public async Task<CollectionBinding> BindAsync(string model, int dimensions, CancellationToken cancellationToken = default)
    {
        await RequireGoneAsync(cancellationToken);
        var binding = await AttachAsync(model, dimensions, Settings, takesOtherStorage: true, cancellationToken);
        var lost = await services.LostPoints.InvalidateAsync(binding, cancellationToken);
        if (lost > 0)
        {
            CollectionLog.PointsLost(services.Logger, Key, lost);
        }

        return binding;
    }

    public Task<CollectionBinding> GetBindingAsync(CancellationToken cancellationToken = default) =>
        Task.FromResult(state.State.BindingForReaders(Key, services.Options));

    public async Task<CollectionInfo> GetInfoAsync(CancellationToken cancellationToken = default)
    {
        var info = await state.State.DescribeAsync(Key, services.Ledger, services.Store, cancellationToken);
        return info.Pending is null ? info : info with { PendingFault = _changeFault };
    }

    public async Task<long> TakeGenerationAsync(JobId job, CancellationToken cancellationToken = default)
    {
        Require();
        if (state.State.GenerationJob != job)
        {
            await WriteAsync(state.State.WithGenerationOf(job));
        }

        await services.Ledger.SaveCollectionAsync(Key.Tenant, state.State.Describe(default, 0), cancellationToken);
        return state.State.Generation;
    }

    public async Task<CollectionInfo> CreateAsync(CollectionSettings settings, CancellationToken cancellationToken = default)
    {
        CollectionSettingsRules.Validate(settings);
        var model = BindingRules.RequireServed(settings.Model, services.Models);
        await RequireGoneAsync(cancellationToken);
        if (state.State.Binding is { } bound)
        {
            BindingRules.RequireSame(Key, CollectionSettingsChange.Differences(Settings, settings));
            if (settings.Model is not null)
            {
                BindingRules.RequireSame(bound, model.Id, model.Dimensions);
            }

            // A physical collection that was lost is made again as it was asked for, whatever this call leaves out.
            BindingRules.RequireDedicated(settings with { Dedicated = IsDedicated });
            await AttachAsync(bound.Model, bound.Dimensions, CollectionSettingsChange.Merge(Settings, settings), takesOtherStorage: false, cancellationToken);
            return await GetInfoAsync(cancellationToken);
        }

        BindingRules.RequireDedicated(settings);
        await AttachAsync(model.Id, model.Dimensions, settings, takesOtherStorage: false, cancellationToken);
        return await GetInfoAsync(cancellationToken);
    }

    private IVectorCollectionGrain Physical(CollectionBinding binding) => GrainFactory.GetGrain<IVectorCollectionGrain>(binding.PhysicalCollection);

    private ITenantGrain Tenant => GrainFactory.GetGrain<ITenantGrain>(Key.Tenant.Value);

    /// <summary>Ties the collection to its physical collection, which exists afterwards and is as it must be.</summary>
    private async Task<CollectionBinding> AttachAsync(
        string model, int dimensions, CollectionSettings wanted, bool takesOtherStorage, CancellationToken cancellationToken)
    {
        var key = Key;
        if (state.State.Binding is { } bound)
        {
            BindingRules.RequireSame(bound, model, dimensions);
        }

        var dedicated = state.State.Binding is null ? wanted.Dedicated ?? false : IsDedicated;
        if (dedicated)
        {
            await Tenant.TakeDedicatedAsync(key.Collection, cancellationToken);
        }

        var binding = state.State.Binding
            ?? BindingRules.Create(key, model, dimensions, dedicated) with { BornAfterGeneration = state.State.Generation > 0 ? state.State.Generation : null };
        var spec = new PhysicalCollectionSpec
        {
            Dimensions = dimensions,
            Model = dedicated ? model : model.Split('@')[0],
            Storage = (dedicated ? wanted.Storage : services.Options.SharedStorage) ?? new(),
            TakesOtherStorage = takesOtherStorage || !dedicated,
        };
        await EnsureAsync(binding, spec, dedicated, cancellationToken);

        // The ledger may outlive this state: with a lower generation than its rows have, no changed document would be stored.
        var generation = Math.Max(state.State.Generation, await services.Ledger.FindNewestGenerationAsync(key, cancellationToken));
        if (state.State.Binding is null || generation != state.State.Generation)
        {
            var isNew = state.State.Binding is null;
            await WriteAsync(new CollectionState
            {
                Binding = binding,
                Settings = isNew ? wanted.OrNull() : state.State.Settings,
                Pending = state.State.Pending,
                Refusal = state.State.Refusal,
                Generation = generation,
                CreatedAt = isNew ? services.Time.GetUtcNow() : state.State.CreatedAt,
            });
        }

        await ScheduleRetentionAsync();
        await services.Ledger.SaveCollectionAsync(key.Tenant, state.State.Describe(default, 0), cancellationToken);
        return binding;
    }

    private async Task EnsureAsync(CollectionBinding binding, PhysicalCollectionSpec spec, bool dedicated, CancellationToken cancellationToken)
    {
        try
        {
            await Physical(binding).EnsureAsync(spec, cancellationToken);
        }
        catch (Exception) when (dedicated && state.State.Binding is null)
        {
            // Nobody could give the place back later: without a binding there is no collection to delete.
            await Tenant.ReleaseDedicatedAsync(Key.Collection, CancellationToken.None);
            throw;
        }
    }

    private CollectionBinding Require() => state.State.Require(Key);

    private Task WriteAsync(CollectionState next) => state.ReplaceAsync(next, DeactivateOnIdle);
}
