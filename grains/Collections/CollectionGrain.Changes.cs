
using Quiver.Core.Collections;

namespace Quiver.Grains.Collections;

/// <content>
/// Changes that the store has to make, too: it may take minutes, or make them after everybody has stopped waiting. So what is wanted is durable
/// first, then told to the store beside the calls of the collection, as often as it takes, and last noted as what holds.
/// </content>
internal sealed partial class CollectionGrain
{
    private const string ChangeReminder = "change";
    private static readonly TimeSpan ChangePeriod = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan ChangeRound = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan PauseAfterFault = TimeSpan.FromSeconds(10);

    private IGrainTimer? _changing;
    private (CollectionSettings Changes, Task<QuiverException?> End)? _attempt;
    private long? _failedAt;
    private string? _changeFault;

    public async Task<CollectionInfo> ChangeAsync(CollectionSettings changes, CancellationToken cancellationToken = default)
    {
        CollectionSettingsRules.Validate(changes);
        BindingRules.RequireChangeable(Require(), Settings, changes, services.Models);
        if (changes.Storage is null && state.State.Pending is null)
        {
            await SaveAsync(state.State.WithChanged(changes), cancellationToken);
            await ScheduleRetentionAsync();
            return await GetInfoAsync(cancellationToken);
        }

        await RememberAsync(ChangeReminder, ChangePeriod);
        await SaveAsync(state.State.WithPending(CollectionSettingsChange.Merge(state.State.Pending ?? new(), changes)), cancellationToken);
        StartChange();
        if (await TryChangeAsync(services.Options.StepDuration, cancellationToken) is { } refusal)
        {
            throw refusal;
        }

        return await GetInfoAsync(cancellationToken);
    }

    /// <summary>Looks after the change in turns of its own, as long as it takes.</summary>
    private void StartChange() => _changing ??= this.RegisterGrainTimer(
        static (grain, token) => grain.GoOnChangingAsync(token), this, new GrainTimerCreationOptions(ChangeRound, ChangeRound) { KeepAlive = true });

    private async Task GoOnChangingAsync(CancellationToken cancellationToken)
    {
        if (state.State is { Pending: not null, Deleting: false })
        {
            await TryChangeAsync(TimeSpan.Zero, cancellationToken);
        }

        if (state.State is { Pending: null } or { Deleting: true })
        {
            _changing?.Dispose();
            _changing = null;
        }
    }

    /// <summary>Begins an attempt, unless one is under way, and looks at how it ended, waiting so long at most.</summary>
    /// <returns>Why the change was refused; null when it holds or is tried again.</returns>
    private async Task<QuiverException?> TryChangeAsync(TimeSpan patience, CancellationToken cancellationToken)
    {
        if (_failedAt is { } at && services.Time.GetElapsedTime(at) < PauseAfterFault && patience == TimeSpan.Zero)
        {
            return null;
        }

        _failedAt = null;
        var (changes, end) = _attempt ??= Begin();
        if (!end.IsCompleted)
        {
            await Task.WhenAny(end, Task.Delay(patience, services.Time, cancellationToken));
        }

        if (!end.IsCompleted)
        {
            return null;
        }

        _attempt = null;
        return await ConcludeAsync(changes, await end, cancellationToken);
    }

    private (CollectionSettings Changes, Task<QuiverException?> End) Begin()
    {
        var changes = state.State.Pending!;
        return (changes, ApplyAsync(Require(), changes));
    }

    /// <summary>Runs beside the grain's turns, and so touches nothing of its state. Never throws.</summary>
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
        catch (Exception e)
        {
            return e as QuiverException ?? new TransientException(ErrorCodes.ServerUnavailable, $"The vector store could not be told of the change: {e.Message}", e);
        }
    }

    private async Task<QuiverException?> ConcludeAsync(CollectionSettings changes, QuiverException? fault, CancellationToken cancellationToken)
    {
        if (state.State.Pending != changes)
        {
            // More was asked for meanwhile: the next attempt takes all of it.
            return null;
        }

        _changeFault = fault?.Message;
        if (fault is null)
        {
            await SaveAsync(state.State.WithChanged(changes), cancellationToken);
            await ScheduleRetentionAsync();
            await ForgetReminderAsync(ChangeReminder);
            CollectionLog.Changed(services.Logger, Key);
            return null;
        }

        if (fault is ConflictException or InvalidRequestException or PermanentException { Code: ErrorCodes.Internal or ErrorCodes.UnknownCollection })
        {
            CollectionLog.ChangeRefused(services.Logger, fault, Key, fault.Message);
            await SaveAsync(state.State.WithRefused(fault.Message), cancellationToken);
            await ForgetReminderAsync(ChangeReminder);
            return fault;
        }

        CollectionLog.NotChanged(services.Logger, fault, Key, fault.Message);
        _failedAt = services.Time.GetTimestamp();
        return null;
    }

    private async Task SaveAsync(CollectionState next, CancellationToken cancellationToken)
    {
        await WriteAsync(next);
        await services.Ledger.SaveCollectionAsync(Key.Tenant, state.State.Describe(default, 0), cancellationToken);
    }
}
