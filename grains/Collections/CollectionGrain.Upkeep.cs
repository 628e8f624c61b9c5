namespace Quiver.Grains.Collections;

/// <content>What takes longer than a call: deletion and retention. Both go on by reminders when nobody asks.</content>
internal sealed partial class CollectionGrain
{
    private const string DeletionReminder = "deletion";
    private const string RetentionReminder = "retention";
    private static readonly TimeSpan DeletionPeriod = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Breath = TimeSpan.FromMilliseconds(10);

    private IGrainTimer? _deletion;
    private IGrainTimer? _retention;
    private Guid? _retentionNext;

    public async Task<bool> DeleteAsync(CancellationToken cancellationToken = default)
    {
        var binding = state.State.Binding ?? Require();
        if (!state.State.Deleting)
        {
            await services.Use.RequireNoneAsync(Key, "deleted", cancellationToken);

            // Durable first: after a stop in the middle, documents that the ledger still has must not pass for stored.
            await WriteAsync(state.State.With(deleting: true));
            await RememberAsync(DeletionReminder, DeletionPeriod);
        }

        if (await ContinueDeletingAsync(binding, cancellationToken))
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
            case RetentionReminder when state.State is { Deleting: false, Binding: not null } && Retained is not null:
                await ScheduleRetentionAsync(status.Period);
                StartRetention();
                break;
            default:
                await ForgetReminderAsync(reminderName);
                break;
        }
    }

    private TimeSpan? Retained => Settings.RetainFor is { } retain && retain > TimeSpan.Zero ? retain : null;

    /// <summary>What is left of an earlier life must go before anything else happens.</summary>
    private async Task RequireGoneAsync(CancellationToken cancellationToken)
    {
        if (state.State is { Deleting: true, Binding: { } left } && !await ContinueDeletingAsync(left, cancellationToken))
        {
            throw new ThrottledException(
                ErrorCodes.CollectionInUse, $"Collection {Key.Collection} is still being deleted: try again in a moment.")
            { RetryAfter = Breath };
        }
    }

    private async Task<bool> ContinueDeletingAsync(CollectionBinding binding, CancellationToken cancellationToken)
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

        // The generation stays: a batch of an earlier life that is still on its way must not pass for one of the next.
        await WriteAsync(new CollectionState { Generation = state.State.Generation });
        await ForgetReminderAsync(DeletionReminder);
        await ForgetReminderAsync(RetentionReminder);
        await ForgetReminderAsync(ChangeReminder);
        return true;
    }

    /// <summary>Sets the reminder, or takes it away. One that is set is left alone: to set it again would put its next tick off.</summary>
    /// <param name="period">What it is set to; null when that is to be found out.</param>
    private async Task ScheduleRetentionAsync(TimeSpan? period = null)
    {
        var interval = services.Options.RetentionInterval;
        if (Retained is null)
        {
            await ForgetReminderAsync(RetentionReminder);
        }
        else if (period is null ? await this.GetReminder(RetentionReminder) is null : period != interval)
        {
            await RememberAsync(RetentionReminder, interval);
        }
    }

    private Task RememberAsync(string name, TimeSpan period) => this.RegisterOrUpdateReminder(name, period, period);

    private async Task ForgetReminderAsync(string name)
    {
        if (await this.GetReminder(name) is { } reminder)
        {
            await this.UnregisterReminder(reminder);
        }
    }

    /// <summary>Steps follow each other by a timer, so that questions are answered in between.</summary>
    private void StartDeletion() => _deletion ??= this.RegisterGrainTimer(
        static (grain, token) => grain.GoOnDeletingAsync(token), this, new GrainTimerCreationOptions(Breath, Breath) { KeepAlive = true });

    private async Task GoOnDeletingAsync(CancellationToken cancellationToken)
    {
        try
        {
            if (state.State is { Deleting: true, Binding: { } binding } && !await ContinueDeletingAsync(binding, cancellationToken))
            {
                return;
            }
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            CollectionLog.NotDeleted(services.Logger, e, Key);
        }

        _deletion?.Dispose();
        _deletion = null;
    }

    /// <inheritdoc cref="StartDeletion"/>
    private void StartRetention() => _retention ??= this.RegisterGrainTimer(
        static (grain, token) => grain.RetainAsync(token), this, new GrainTimerCreationOptions(Breath, Breath) { KeepAlive = true });

    private async Task RetainAsync(CancellationToken cancellationToken)
    {
        try
        {
            if (state.State is { Deleting: false, Binding: { } binding } && Retained is { } retain)
            {
                var step = await services.Retention.StepAsync(binding, services.Time.GetUtcNow() - retain, _retentionNext, services.Options.StepDuration, cancellationToken);
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
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            // The reminder begins anew; nothing depends on when.
            CollectionLog.NotRetained(services.Logger, e, Key);
            _retentionNext = null;
        }

        _retention?.Dispose();
        _retention = null;
    }
}
