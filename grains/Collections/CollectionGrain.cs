using Quiver.Core.Collections;
using Quiver.GrainInterfaces.Tenants;

namespace Quiver.Grains.Collections;

/// <summary>Owns a tenant's collection: binding, creation, changes. Deletion and retention are in the other part.</summary>
internal sealed partial class CollectionGrain(
    [PersistentState("collection", StreamNames.GrainStorage)] IPersistentState<CollectionState> state,
    CollectionServices services) : Grain, ICollectionGrain, IRemindable
{
    private const string ChangeReminder = "change";
    private static readonly TimeSpan ChangeReminderPeriod = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan ChangeTimerPeriod = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan PauseAfterFault = TimeSpan.FromSeconds(10);

    private IGrainTimer? _changeTimer;
    private (CollectionSettings Changes, Task<QuiverException?> End)? _attempt;
    private long? _failedAt;
    private string? _changeFault;

    private CollectionKey Key => CollectionKey.Parse(this.GetPrimaryKeyString());

    private CollectionSettings Settings => state.State.Settings ?? new();

    private bool IsDedicated => Settings.Dedicated ?? false;

    private ITenantGrain Tenant => GrainFactory.GetGrain<ITenantGrain>(Key.Tenant.Value);

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        if (state.State is { Pending: not null, Deleting: false })
        {
            StartChange();
        }

        return Task.CompletedTask;
    }

    public async Task<CollectionBinding> BindAsync(string model, int dimensions, bool? embedContext = null, CancellationToken cancellationToken = default)
    {
        await RequireGoneAsync(cancellationToken);
        if (state.State.Binding is { } bound)
        {
            BindingValidator.RequireSameContext(bound, embedContext);
        }

        var settings = Settings with { EmbedContext = embedContext ?? Settings.EmbedContext };
        var binding = await AttachAsync(model, dimensions, settings, takesOtherStorage: true, cancellationToken);
        var lost = await services.LostPoints.InvalidateIfAllLostAsync(binding, cancellationToken);
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

        await services.Ledger.SaveCollectionAsync(Key.Tenant, state.State.Describe(), cancellationToken);
        return state.State.Generation;
    }

    public Task<string?> FindProbeAsync(CancellationToken cancellationToken = default)
    {
        Require();
        return Task.FromResult(state.State.Probe);
    }

    public async Task<string> TakeProbeAsync(string probe, CancellationToken cancellationToken = default)
    {
        Require();
        if (state.State.Probe is null)
        {
            await WriteAsync(state.State with { Probe = probe });
        }

        return state.State.Probe!;
    }

    public async Task<CollectionInfo> ResetModelCheckAsync(CancellationToken cancellationToken = default)
    {
        Require();
        if (state.State.Probe is not null)
        {
            await WriteAsync(state.State with { Probe = null });
        }

        return await GetInfoAsync(cancellationToken);
    }

    public async Task<CollectionInfo> CreateAsync(CollectionSettings settings, CancellationToken cancellationToken = default)
    {
        CollectionSettingsValidator.Validate(settings);
        var model = BindingValidator.RequireServed(settings.Model, services.Models);
        await RequireGoneAsync(cancellationToken);
        if (state.State.Binding is { } bound)
        {
            BindingValidator.RequireSame(Key, CollectionSettingsChange.Differences(Settings with { EmbedContext = bound.EmbedContext }, settings));
            if (settings.Model is not null)
            {
                BindingValidator.RequireSame(bound, model.Id, model.Dimensions);
            }

            // A lost physical collection is created again with all its settings, including those that this call omits.
            BindingValidator.RequireDedicated(settings with { Dedicated = IsDedicated });
            await AttachAsync(bound.Model, bound.Dimensions, CollectionSettingsChange.Merge(Settings, settings), takesOtherStorage: false, cancellationToken);
            return await GetInfoAsync(cancellationToken);
        }

        BindingValidator.RequireDedicated(settings);
        await AttachAsync(model.Id, model.Dimensions, settings, takesOtherStorage: false, cancellationToken);
        return await GetInfoAsync(cancellationToken);
    }

    /// <summary>Ensures that the physical collection exists as required, and binds the collection to it.</summary>
    private async Task<CollectionBinding> AttachAsync(
        string model, int dimensions, CollectionSettings wanted, bool takesOtherStorage, CancellationToken cancellationToken)
    {
        var key = Key;
        if (state.State.Binding is { } bound)
        {
            BindingValidator.RequireSame(bound, model, dimensions);
        }

        var dedicated = state.State.Binding is null ? wanted.Dedicated ?? false : IsDedicated;
        if (dedicated)
        {
            await Tenant.TakeDedicatedAsync(key.Collection, cancellationToken);
        }

        var binding = state.State.Binding
            ?? PhysicalCollections.Bind(key, model, dimensions, dedicated) with
            {
                BornAfterGeneration = state.State.Generation > 0 ? state.State.Generation : null,
                EmbedContext = wanted.EmbedContext ?? true,
            };
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
        var isNew = state.State.Binding is null;
        if (isNew || generation != state.State.Generation)
        {
            await WriteAsync(state.State with
            {
                Binding = binding,
                Settings = isNew ? CollectionState.OrNull(wanted) : state.State.Settings,
                Deleting = false,
                Generation = generation,
                GenerationJob = null,
                Probe = isNew ? null : state.State.Probe,
                CreatedAt = isNew ? services.Time.GetUtcNow() : state.State.CreatedAt,
            });
        }

        await ScheduleRetentionAsync();
        await services.Ledger.SaveCollectionAsync(key.Tenant, state.State.Describe(), cancellationToken);
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
            // Without a binding no later call could release the reservation.
            await Tenant.ReleaseDedicatedAsync(Key.Collection, CancellationToken.None);
            throw;
        }
    }

    /// <remarks>
    /// A change of storage may take the store minutes, or succeed after its caller has given up. So it is durable first, then sent to the
    /// store in the background and retried until it is applied, and at last saved as the settings.
    /// </remarks>
    public async Task<CollectionInfo> ChangeAsync(CollectionSettings changes, CancellationToken cancellationToken = default)
    {
        CollectionSettingsValidator.Validate(changes);
        BindingValidator.RequireChangeable(Require(), Settings, changes, services.Models);
        if (changes.Storage is null && state.State.Pending is null)
        {
            await SaveAsync(state.State.WithChanged(changes), cancellationToken);
            await ScheduleRetentionAsync();
            return await GetInfoAsync(cancellationToken);
        }

        await SetReminderAsync(ChangeReminder, ChangeReminderPeriod);
        await SaveAsync(state.State.WithPending(CollectionSettingsChange.Merge(state.State.Pending ?? new(), changes)), cancellationToken);
        StartChange();
        if (await TryChangeAsync(services.Options.StepDuration, cancellationToken) is { } refusal)
        {
            throw refusal;
        }

        return await GetInfoAsync(cancellationToken);
    }

    /// <summary>Retries the change in timer turns until it is applied or refused.</summary>
    private void StartChange() => _changeTimer ??= this.RegisterGrainTimer(
        static (grain, token) => grain.ContinueChangeAsync(token),
        this,
        new GrainTimerCreationOptions(ChangeTimerPeriod, ChangeTimerPeriod) { KeepAlive = true });

    private async Task ContinueChangeAsync(CancellationToken cancellationToken)
    {
        if (state.State is { Pending: not null, Deleting: false })
        {
            await TryChangeAsync(TimeSpan.Zero, cancellationToken);
        }

        if (state.State is { Pending: null } or { Deleting: true })
        {
            _changeTimer?.Dispose();
            _changeTimer = null;
        }
    }

    /// <summary>Starts an attempt unless one is running, and waits for its end up to the timeout.</summary>
    /// <returns>Why the change was refused; null when it is applied or will be retried.</returns>
    private async Task<QuiverException?> TryChangeAsync(TimeSpan timeout, CancellationToken cancellationToken)
    {
        if (_failedAt is { } at && services.Time.GetElapsedTime(at) < PauseAfterFault && timeout == TimeSpan.Zero)
        {
            return null;
        }

        _failedAt = null;
        var (changes, end) = _attempt ??= (state.State.Pending!, ApplyAsync(Require(), state.State.Pending!));
        if (!end.IsCompleted)
        {
            await Task.WhenAny(end, Task.Delay(timeout, services.Time, cancellationToken));
        }

        if (!end.IsCompleted)
        {
            return null;
        }

        _attempt = null;
        return await ConcludeAsync(changes, await end, cancellationToken);
    }

    /// <summary>Runs concurrently with the grain's turns, so it must not touch its state. Never throws.</summary>
    private async Task<QuiverException?> ApplyAsync(CollectionBinding binding, CollectionSettings changes)
    {
        try
        {
            if (changes.Storage is { } storage)
            {
                await Physical(binding).ChangeAsync(storage);
            }

            return null;
        }
        catch (Exception exception)
        {
            return exception as QuiverException
                ?? new TransientException(ErrorCodes.ServerUnavailable, $"The change could not be sent to the vector store: {exception.Message}", exception);
        }
    }

    private async Task<QuiverException?> ConcludeAsync(CollectionSettings changes, QuiverException? fault, CancellationToken cancellationToken)
    {
        if (state.State.Pending != changes)
        {
            // More changes were requested meanwhile: the next attempt applies all of them.
            return null;
        }

        _changeFault = fault?.Message;
        if (fault is null)
        {
            await SaveAsync(state.State.WithChanged(changes), cancellationToken);
            await ScheduleRetentionAsync();
            await RemoveReminderAsync(ChangeReminder);
            CollectionLog.Changed(services.Logger, Key);
            return null;
        }

        if (fault is ConflictException or InvalidRequestException or PermanentException { Code: ErrorCodes.Internal or ErrorCodes.UnknownCollection })
        {
            CollectionLog.ChangeRefused(services.Logger, fault, Key, fault.Message);
            await SaveAsync(state.State.WithRefused(fault.Message), cancellationToken);
            await RemoveReminderAsync(ChangeReminder);
            return fault;
        }

        CollectionLog.NotChanged(services.Logger, fault, Key, fault.Message);
        _failedAt = services.Time.GetTimestamp();
        return null;
    }

    private IVectorCollectionGrain Physical(CollectionBinding binding) => GrainFactory.GetGrain<IVectorCollectionGrain>(binding.PhysicalCollection);

    private CollectionBinding Require() => state.State.Require(Key);

    private async Task SaveAsync(CollectionState next, CancellationToken cancellationToken)
    {
        await WriteAsync(next);
        await services.Ledger.SaveCollectionAsync(Key.Tenant, state.State.Describe(), cancellationToken);
    }

    private Task WriteAsync(CollectionState next) => state.ReplaceAsync(next, DeactivateOnIdle);
}
