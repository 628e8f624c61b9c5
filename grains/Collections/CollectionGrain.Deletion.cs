namespace Quiver.Grains.Collections;

/// <content>Deletion and retention: they take longer than a call, and reminders continue them without further calls.</content>
internal sealed partial class CollectionGrain
{
    private const string DeletionReminder = "deletion";
    internal const string RetentionReminder = "retention";
    private static readonly TimeSpan DeletionReminderPeriod = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan StepPause = TimeSpan.FromMilliseconds(10);

    private IGrainTimer? _deletionTimer;
    private IGrainTimer? _retentionTimer;
    private Guid? _retentionNext;

    private TimeSpan? Retention => Settings.RetainFor is { } retain && retain > TimeSpan.Zero ? retain : null;

    public async Task<bool> DeleteAsync(CancellationToken cancellationToken = default)
    {
        var binding = state.State.Binding ?? Require();
        if (!state.State.Deleting)
        {
            await services.Use.RequireNoneAsync(Key, "deleted", cancellationToken);

            // Durable first: after an interruption, documents that are still in the ledger must not count as stored.
            await WriteAsync(state.State with { Deleting = true });
            await SetReminderAsync(DeletionReminder, DeletionReminderPeriod);
        }

        if (await TryDeleteAsync(binding, cancellationToken))
        {
            return true;
        }

        StartDeletion();
        return false;
    }

    public async Task ReceiveReminder(string reminderName, TickStatus status)
    {
        switch (reminderName)
        {
            case DeletionReminder when state.State is { Deleting: true, Binding: not null }:
                StartDeletion();
                break;
            case ChangeReminder when state.State is { Deleting: false, Binding: not null, Pending: not null }:
                StartChange();
                break;
            case RetentionReminder when state.State is { Deleting: false, Binding: not null } && Retention is not null:
                await ScheduleRetentionAsync(status.Period);
                StartRetention();
                break;
            default:
                await RemoveReminderAsync(reminderName);
                break;
        }
    }

    /// <summary>Throws while the previous collection of this name is still being deleted.</summary>
    private async Task RequireGoneAsync(CancellationToken cancellationToken)
    {
        if (state.State is { Deleting: true, Binding: { } left } && !await TryDeleteAsync(left, cancellationToken))
        {
            throw new ThrottledException(
                ErrorCodes.CollectionInUse, $"Collection {Key.Collection} is still being deleted: try again in a moment.")
            { RetryAfter = StepPause };
        }
    }

    /// <summary>Deletes for up to the step duration; true when nothing is left.</summary>
    private async Task<bool> TryDeleteAsync(CollectionBinding binding, CancellationToken cancellationToken)
    {
        var started = services.Time.GetTimestamp();
        while (!await services.Removal.StepAsync(binding, IsDedicated, cancellationToken))
        {
            if (services.Time.GetElapsedTime(started) >= services.Options.StepDuration)
            {
                return false;
            }
        }

        if (IsDedicated)
        {
            await Tenant.ReleaseDedicatedAsync(Key.Collection, cancellationToken);
        }

        // Keep the generation: a late batch for the deleted collection must not count as one for the next.
        await WriteAsync(new CollectionState { Generation = state.State.Generation });
        await RemoveReminderAsync(DeletionReminder);
        await RemoveReminderAsync(RetentionReminder);
        await RemoveReminderAsync(ChangeReminder);
        return true;
    }

    /// <summary>Runs step after step in timer turns, so other calls are answered in between.</summary>
    private void StartDeletion() => _deletionTimer ??= this.RegisterGrainTimer(
        static (grain, token) => grain.ContinueDeletionAsync(token), this, new GrainTimerCreationOptions(StepPause, StepPause) { KeepAlive = true });

    private async Task ContinueDeletionAsync(CancellationToken cancellationToken)
    {
        try
        {
            if (state.State is { Deleting: true, Binding: { } binding } && !await TryDeleteAsync(binding, cancellationToken))
            {
                return;
            }
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            CollectionLog.NotDeleted(services.Logger, exception, Key);
        }

        _deletionTimer?.Dispose();
        _deletionTimer = null;
    }

    /// <summary>Sets or removes the retention reminder. Leaves an existing one alone: setting it again would postpone its next tick.</summary>
    /// <param name="period">Its current period; null to look it up.</param>
    private async Task ScheduleRetentionAsync(TimeSpan? period = null)
    {
        var interval = services.Options.RetentionInterval;
        if (Retention is null)
        {
            await RemoveReminderAsync(RetentionReminder);
        }
        else if (period is null ? await this.GetReminder(RetentionReminder) is null : period != interval)
        {
            await SetReminderAsync(RetentionReminder, interval);
        }
    }

    /// <inheritdoc cref="StartDeletion"/>
    private void StartRetention() => _retentionTimer ??= this.RegisterGrainTimer(
        static (grain, token) => grain.ContinueRetentionAsync(token), this, new GrainTimerCreationOptions(StepPause, StepPause) { KeepAlive = true });

    private async Task ContinueRetentionAsync(CancellationToken cancellationToken)
    {
        try
        {
            if (state.State is { Deleting: false, Binding: { } binding } && Retention is { } retain)
            {
                var before = services.DeletionClock.GetUtcNow() - retain;
                var step = await services.Retention.StepAsync(binding, before, _retentionNext, services.Options.StepDuration, cancellationToken);
                if (step.Points > 0)
                {
                    CollectionLog.Expired(services.Logger, Key, step.Documents, step.Points);
                }

                _retentionNext = step.Next;
                if (step.HasMore)
                {
                    return;
                }
            }
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            // The next reminder starts over.
            CollectionLog.NotRetained(services.Logger, exception, Key);
            _retentionNext = null;
        }

        _retentionTimer?.Dispose();
        _retentionTimer = null;
    }

    private Task SetReminderAsync(string name, TimeSpan period) => this.RegisterOrUpdateReminder(name, period, period);

    private async Task RemoveReminderAsync(string name)
    {
        if (await this.GetReminder(name) is { } reminder)
        {
            await this.UnregisterReminder(reminder);
        }
    }
}
