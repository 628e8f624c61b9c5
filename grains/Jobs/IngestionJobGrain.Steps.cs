
using Quiver.Core.Jobs;

namespace Quiver.Grains.Jobs;

/// <content>What the durable state asks for, step by step.</content>
internal sealed partial class IngestionJobGrain
{
    public async Task<bool> PurgeAsync(CancellationToken cancellationToken = default)
    {
        if (_journal.Job is { } job)
        {
            if (!job.State.IsFinal() || _run is not null)
            {
                return false;
            }

            await Tenant.ForgetAsync(_key.Job, cancellationToken);
            await StopWatchingAsync();
            await _journal.ForgetAsync();
        }

        // The ledger comes last: it is what leads here again after a stop in between.
        await _services.Ledger.DeleteJobAsync(_key, cancellationToken);
        DeactivateOnIdle();
        return true;
    }

    /// <summary>
    /// Does what the durable state asks for. Harmless at any time, and one at a time: requests and the end of a run may ask for it at once.
    /// </summary>
    private async Task GoOnAsync(CancellationToken cancellationToken)
    {
        await _step.WaitAsync(cancellationToken);
        try
        {
            await StepAsync(cancellationToken);
        }
        finally
        {
            _step.Release();
        }
    }

    private async Task StepAsync(CancellationToken cancellationToken)
    {
        _waiting = false;
        if (_journal.Job is not { } job)
        {
            await BuryAsync(cancellationToken);
            await Tenant.ReleaseAsync(_key.Job, cancellationToken);
            await StopWatchingAsync();
            return;
        }

        _journal.Announce();
        if (job.State.IsFinal() || job.State == JobState.Paused)
        {
            await SettleAsync();
        }
        else if (_run is null && !_deactivating && !_services.Lifetime.Draining.IsCancellationRequested)
        {
            await StartWatchingAsync();
            _waiting = !await Tenant.RequestAdmissionAsync(_key.Job, cancellationToken);
            if (!_waiting)
            {
                await StartIfStillAskedAsync();
            }
        }
    }

    /// <summary>
    /// The ledger knows a job whose state is gone, as with a lost file of grain states: nobody can go on with it, and as long as it passes
    /// for unfinished its collection can neither be deleted nor repaired.
    /// </summary>
    private async Task BuryAsync(CancellationToken cancellationToken)
    {
        if (await _services.Ledger.FindJobAsync(_key, cancellationToken) is { } left && !left.State.IsFinal())
        {
            await _services.Ledger.SaveJobAsync(
                left with
                {
                    State = JobState.Failed,
                    Active = false,
                    FinishedAt = _services.Time.GetUtcNow(),
                    ErrorCode = ErrorCodes.StateLost,
                    ErrorMessage = "The job's state was lost, so that it cannot go on: submit it again; what is stored already is found unchanged.",
                },
                cancellationToken);
        }
    }

    /// <summary>A command may have come in between: the state as it is now decides.</summary>
    private async Task StartIfStillAskedAsync()
    {
        var job = await _journal.UpdateAsync(present =>
            present.State == JobState.Queued ? JobMachine.Decide(present, JobTrigger.Admit, _services.Time.GetUtcNow()).NextOrThrow() : present);
        if (job.State == JobState.Running && !_deactivating)
        {
            Start();
        }
    }

    private void Start()
    {
        _run = new JobRun(_key, _journal, _services, new WorkerSlots(_key, GrainFactory), GrainFactory);
        _services.Instruments.ActiveChanged(1);
        _services.Lifetime.Enter();

        // A background task does not keep an activation alive; a timer that is told to does.
        _heartbeat = this.RegisterGrainTimer(
            static (run, _) =>
            {
                run.CheckForSilence();
                return Task.CompletedTask;
            },
            _run,
            new GrainTimerCreationOptions(_services.Options.StallAfter, _services.Options.StallAfter) { KeepAlive = true, Interleave = true });
        _supervising = SuperviseAsync(_run);
    }

    private async Task SuperviseAsync(JobRun run)
    {
        using var scope = _services.Logger.BeginScope(new Dictionary<string, object> { ["tenant"] = _key.Tenant.Value, ["job"] = _key.Job.Value });
        try
        {
            await run.RunAsync();
        }
        catch (Exception e)
        {
            JobLog.NotSaved(_services.Logger, e, _key);
        }

        try
        {
            _heartbeat?.Dispose();
            _run = null;
            run.Dispose();
            _services.Instruments.ActiveChanged(-1);
            if (!_deactivating && !_journal.IsBroken)
            {
                await ContinueAsync();
            }

            await MeterAsync(run);
            await _journal.FlushAsync();
        }
        finally
        {
            _services.Lifetime.Leave();
        }
    }

    /// <summary>What a run used that did not come to an end is read when it no longer stands in the way of the next.</summary>
    private async Task MeterAsync(JobRun run)
    {
        try
        {
            if (!run.IsMetered)
            {
                await run.Metering.SaveAsync(_journal);
            }

            if (run.Metering.IsOpen && !_deactivating)
            {
                ReadLateAnswers(run.Metering);
            }
        }
        catch (Exception e)
        {
            JobLog.NotMetered(_services.Logger, e, _key);
        }
    }

    /// <summary>A request that took too long for its batch is answered and paid for all the same, and may be the last that is heard of the job.</summary>
    private void ReadLateAnswers(JobMetering metering)
    {
        var rounds = 0;
        _lateAnswers?.Dispose();
        _lateAnswers = this.RegisterGrainTimer(
            async _ =>
            {
                await metering.SaveAsync(_journal);
                if (!metering.IsOpen || ++rounds >= MostLateRounds)
                {
                    _lateAnswers?.Dispose();
                }
            },
            new GrainTimerCreationOptions(LateRound, LateRound) { KeepAlive = true, Interleave = true });
    }

    /// <summary>A command that arrived while the run was stopping may ask for another; otherwise the turn goes to the next job.</summary>
    private async Task ContinueAsync()
    {
        try
        {
            await GoOnAsync(CancellationToken.None);
        }
        catch (Exception e)
        {
            JobLog.NotReleased(_services.Logger, e, _key);
        }
    }

    /// <summary>Leaves a job that nothing is to be done for: no watchdog, and its turn for the next.</summary>
    private async Task SettleAsync()
    {
        if (_run is null)
        {
            // While the ledger does not know the end, the watchdog stays and tells it again.
            await _journal.FlushAsync();
            if (_journal.IsTold)
            {
                await StopWatchingAsync();
            }

            await Tenant.ReleaseAsync(_key.Job);
        }
    }

    private Task StartWatchingAsync() => this.RegisterOrUpdateReminder(Watchdog, WatchdogPeriod, WatchdogPeriod);

    private async Task StopWatchingAsync()
    {
        if (await this.GetReminder(Watchdog) is { } reminder)
        {
            await this.UnregisterReminder(reminder);
        }
    }
}
