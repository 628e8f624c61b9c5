using Quiver.Core.Jobs;
using Quiver.Grains.Collections;
using Quiver.GrainInterfaces.Tenants;

namespace Quiver.Grains.Jobs;

/// <summary>Owns one job. Calls only change or read its state; the work runs in the background of the activation.</summary>
internal sealed class IngestionJobGrain : Grain, IIngestionJobGrain, IRemindable, IDisposable
{
    private const string Watchdog = "watchdog";
    private static readonly TimeSpan WatchdogPeriod = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan MaxCancelTimeout = TimeSpan.FromSeconds(10);

    // Subscribers read the ledger as well; a stream on a silo that is gone must not delay the job's ledger updates.
    private static readonly TimeSpan PublishTimeout = TimeSpan.FromSeconds(2);

    // Together longer than any provider's hard timeout.
    private const int MaxLateReadings = 150;
    private static readonly TimeSpan LateReadingPeriod = TimeSpan.FromSeconds(5);

    private readonly JobServices _services;
    private readonly JobJournal _journal;
    private readonly JobKey _key;
    private readonly SemaphoreSlim _step = new(1, 1);
    private JobRun? _run;
    private Task _supervising = Task.CompletedTask;
    private IDisposable? _heartbeat;
    private IDisposable? _lateReadings;
    private IDisposable? _saving;
    private bool _deactivating;
    private bool _waiting;

    public IngestionJobGrain([PersistentState("job", StreamNames.GrainStorage)] IPersistentState<IngestionJobState> state, JobServices services)
    {
        _services = services;
        _key = JobKey.Parse(this.GetPrimaryKeyString());
        _journal = new JobJournal(_key, state, services.Ledger, PublishAsync, OnChanged, DeactivateOnIdle, CanHold, services.Logger);
    }

    private ITenantGrain Tenant => GrainFactory.GetGrain<ITenantGrain>(_key.Tenant.Value);

    public async Task<JobStatus> SubmitAsync(JobSpec spec, CancellationToken cancellationToken = default)
    {
        if (_journal.Job is { } existing)
        {
            if (!JobSpecValidator.RequestTheSame(existing.Spec, Normalize(spec)))
            {
                throw spec.IdempotencyToken is { } token && token == existing.Spec.IdempotencyToken
                    ? new InvalidRequestException(
                        ErrorCodes.IdempotencyTokenReused,
                        $"The idempotency token '{token}' submitted job {_key.Job} with other content: use a new token for another job, or repeat the first request unchanged.")
                    : new ConflictException("job_exists", $"Job {_key.Job} exists with another spec: submit under another id.");
            }

            // The first submission may have stopped between state and reminder; then only this call starts the job.
            await ContinueAsync(cancellationToken);
            return Status();
        }

        var collection = GrainFactory.GetGrain<ICollectionGrain>(new CollectionKey(_key.Tenant, CollectionName.Parse(spec.Collection.Value)).ToString());
        var (model, binding) = await JobBinder.FindModelAsync(collection, _services.Models, cancellationToken);
        if (binding is not null)
        {
            // The run checks again: a silo may start with other settings until then.
            BindingValidator.RequireSame(binding, model.Info.Id, model.Info.Dimensions);
            BindingValidator.RequireSameContext(binding, spec.Chunking.EmbedContext);
        }

        JobSpecValidator.Validate(spec, model.Info, _services.Options);
        var normalized = Normalize(spec);
        await _services.Sources.OpenAsync(normalized.Source, cancellationToken);

        // Admission comes first: a refused submission must leave no trace. If the job is never written, its slot is released when the tenant
        // next notifies the job.
        await Tenant.RequestAdmissionAsync(_key.Job, cancellationToken);
        await _journal.CreateAsync(JobRecord.Create(_key.Job, normalized, _services.Time.GetUtcNow()));
        JobLog.Entered(_services.Logger, _key, JobState.Queued, "");
        await ContinueAsync(cancellationToken);
        return Status();
    }

    public Task<JobStatus> GetStatusAsync(CancellationToken cancellationToken = default) => Task.FromResult(Status());

    public async Task<JobStatus> PauseAsync(CancellationToken cancellationToken = default)
    {
        await DecideAsync(JobTrigger.Pause);
        _run?.Drain();
        await ContinueAsync(cancellationToken);
        return Status();
    }

    public async Task<JobStatus> ResumeAsync(CancellationToken cancellationToken = default)
    {
        await DecideAsync(JobTrigger.Resume);
        await ContinueAsync(cancellationToken);
        return Status();
    }

    public async Task<JobStatus> CancelAsync(CancellationToken cancellationToken = default)
    {
        await DecideAsync(JobTrigger.Cancel);
        _run?.Abort();
        var timeout = _services.Options.DrainTimeout < MaxCancelTimeout ? _services.Options.DrainTimeout : MaxCancelTimeout;
        try
        {
            await _supervising.WaitAsync(timeout, _services.Time, cancellationToken);
        }
        catch (TimeoutException)
        {
            // The job is cancelled in any case; only its last calls have not returned.
            JobLog.NotDrained(_services.Logger, _key, timeout);
        }

        await ContinueAsync(cancellationToken);
        return Status();
    }

    public async Task<JobStatus> RetryAsync(CancellationToken cancellationToken = default)
    {
        await DecideAsync(JobTrigger.Retry);
        await ContinueAsync(cancellationToken);
        return Status();
    }

    public async Task<bool> PurgeAsync(CancellationToken cancellationToken = default)
    {
        if (_journal.Job is { } job)
        {
            if (!job.State.IsFinal() || _run is not null)
            {
                return false;
            }

            await Tenant.ForgetAsync(_key.Job, cancellationToken);
            await StopWatchdogAsync();
            await _journal.EraseAsync();
        }

        // The ledger comes last: after an interruption, its row leads here again.
        await _services.Ledger.DeleteJobAsync(_key, cancellationToken);
        DeactivateOnIdle();
        return true;
    }

    public Task WakeAsync(CancellationToken cancellationToken = default) => ContinueAsync(cancellationToken);

    public Task AdmittedAsync() => ContinueAsync(CancellationToken.None);

    public Task ReceiveReminder(string reminderName, TickStatus status) => ContinueAsync(CancellationToken.None);

    public override async Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        _deactivating = true;
        _run?.Drain();
        try
        {
            await _supervising.WaitAsync(_services.Options.DrainTimeout, _services.Time, cancellationToken);
        }
        catch (Exception exception) when (exception is TimeoutException or OperationCanceledException)
        {
            JobLog.NotDrained(_services.Logger, _key, _services.Options.DrainTimeout);
            _run?.Abort();
        }

        await _journal.TrySaveHeldAsync();
        await _journal.FlushAsync();
    }

    public void Dispose()
    {
        _heartbeat?.Dispose();
        _lateReadings?.Dispose();
        _saving?.Dispose();
        _run?.Dispose();
        _journal.Dispose();
        _step.Dispose();
    }

    /// <summary>Does what the durable state asks for. Safe at any time. Serialized: requests and the end of a run may call it at once.</summary>
    private async Task ContinueAsync(CancellationToken cancellationToken)
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
            await FailLostJobAsync(cancellationToken);
            await Tenant.ReleaseAsync(_key.Job, cancellationToken);
            await StopWatchdogAsync();
            return;
        }

        _journal.Publish();
        if (_journal.IsHeld)
        {
            SaveLater();
            return;
        }

        if (job.ResumesAt is { } resumesAt && _services.Resumptions.TimeUntil(_key, resumesAt) <= TimeSpan.Zero && !_services.Lifetime.Draining.IsCancellationRequested)
        {
            job = await DecideAsync(JobTrigger.Continue);
        }

        if (job.State.IsFinal() || job.State == JobState.Paused)
        {
            await SettleAsync();
        }
        else if (_run is null && !_deactivating && !_services.Lifetime.Draining.IsCancellationRequested)
        {
            try
            {
                await StartAsync(cancellationToken);
            }
            catch (Exception exception) when (job.State == JobState.Running && QuiverException.Find(exception) is { Code: ErrorCodes.StorageFull } full)
            {
                // The job was running before: it pauses as it would in mid-run.
                await _journal.UpdateAsync(present => present.State == JobState.Running
                    ? JobMachine.Decide(present, JobTrigger.Suspend, _services.Time.GetUtcNow(), full.Code, full.Message).NextOrThrow()
                    : present);
                if (_journal.IsHeld)
                {
                    SaveLater();
                }
            }
        }
    }

    /// <summary>Starts the job if the tenant admits it.</summary>
    private async Task StartAsync(CancellationToken cancellationToken)
    {
        await StartWatchdogAsync(WatchdogPeriod);
        _waiting = !await Tenant.RequestAdmissionAsync(_key.Job, cancellationToken);
        if (!_waiting)
        {
            await AdmitAsync();
        }
    }

    /// <summary>Saves the state of a stopped job as soon as the store has space, and only then leaves the job. Keeps the activation, which holds the state.</summary>
    private void SaveLater()
    {
        _saving ??= this.RegisterGrainTimer(
            async _ =>
            {
                if (!_deactivating && await _journal.TrySaveHeldAsync())
                {
                    _saving?.Dispose();
                    _saving = null;
                    await ContinueAfterRunAsync();
                }
            },
            new GrainTimerCreationOptions(JobJournal.SavePeriod, JobJournal.SavePeriod) { KeepAlive = true, Interleave = true });
    }

    /// <summary>
    /// The ledger has the job but its state is gone, as with a lost file of grain states: the job cannot continue, and while it counts as
    /// unfinished its collection can be neither deleted nor repaired.
    /// </summary>
    private async Task FailLostJobAsync(CancellationToken cancellationToken)
    {
        if (await _services.Ledger.FindJobAsync(_key, cancellationToken) is { } left && !left.State.IsFinal())
        {
            await _services.Ledger.SaveJobAsync(LostJob.Fail(left, _services.Time.GetUtcNow()), cancellationToken);
        }
    }

    /// <summary>Starts an admitted job, unless a command changed its state meanwhile.</summary>
    private async Task AdmitAsync()
    {
        var job = await _journal.UpdateAsync(present =>
            present.State == JobState.Queued ? JobMachine.Decide(present, JobTrigger.Admit, _services.Time.GetUtcNow()).NextOrThrow() : present);
        if (job.State == JobState.Running && !_deactivating)
        {
            StartRun();
        }
    }

    private void StartRun()
    {
        _run = new JobRun(_key, _journal, _services, new WorkerSlots(_key, GrainFactory), GrainFactory);
        _services.Instruments.ActiveChanged(1);
        _services.Lifetime.Enter();

        // A background task does not keep an activation alive; a timer with KeepAlive does.
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
        catch (Exception exception)
        {
            JobLog.NotSaved(_services.Logger, exception, _key);
        }

        try
        {
            _heartbeat?.Dispose();
            _run = null;
            run.Dispose();
            _services.Instruments.ActiveChanged(-1);
            if (!_deactivating && !_journal.IsBroken)
            {
                await ContinueAfterRunAsync();
            }

            await MeterAsync(run);
            await _journal.FlushAsync();
        }
        finally
        {
            _services.Lifetime.Leave();
        }
    }

    /// <summary>A command that arrived while the run was stopping may start another run; otherwise the tenant admits the next job.</summary>
    private async Task ContinueAfterRunAsync()
    {
        try
        {
            await ContinueAsync(CancellationToken.None);
        }
        catch (Exception exception)
        {
            JobLog.NotReleased(_services.Logger, exception, _key);
        }
    }

    /// <summary>Reads the usage of a run that did not finish. Comes after the next run may start, because it can take time.</summary>
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
        catch (Exception exception)
        {
            JobLog.NotMetered(_services.Logger, exception, _key);
        }
    }

    /// <summary>Meters requests that timed out for their batch: the provider still answers and charges them.</summary>
    private void ReadLateAnswers(JobMetering metering)
    {
        var readings = 0;
        _lateReadings?.Dispose();
        _lateReadings = this.RegisterGrainTimer(
            async _ =>
            {
                await metering.SaveAsync(_journal);
                if (!metering.IsOpen || ++readings >= MaxLateReadings)
                {
                    _lateReadings?.Dispose();
                }
            },
            new GrainTimerCreationOptions(LateReadingPeriod, LateReadingPeriod) { KeepAlive = true, Interleave = true });
    }

    /// <summary>Leaves a job that needs no work: stops the watchdog, or sets it to the time at which the job continues, and ends the job's admission.</summary>
    private async Task SettleAsync()
    {
        if (_run is null)
        {
            // While the ledger does not have the end, the watchdog stays and publishes it again.
            await _journal.FlushAsync();
            try
            {
                if (_journal.Job?.ResumesAt is { } resumesAt)
                {
                    var wait = _services.Resumptions.TimeUntil(_key, resumesAt);
                    await StartWatchdogAsync(_journal.IsPublished && wait > WatchdogPeriod ? wait : WatchdogPeriod);
                }
                else if (_journal.IsPublished)
                {
                    await StopWatchdogAsync();
                }

                await Tenant.ReleaseAsync(_key.Job);
            }
            catch (Exception exception) when (QuiverException.Find(exception) is { Code: ErrorCodes.StorageFull })
            {
                // The job has stopped in any case: the command that stopped it has succeeded.
                JobLog.NotReleased(_services.Logger, exception, _key);
            }
        }
    }

    private Task StartWatchdogAsync(TimeSpan due) => this.RegisterOrUpdateReminder(Watchdog, due, WatchdogPeriod);

    private async Task StopWatchdogAsync()
    {
        if (await this.GetReminder(Watchdog) is { } reminder)
        {
            await this.UnregisterReminder(reminder);
        }
    }

    private JobStatus Status()
    {
        var waits = _waiting ? "The tenant's running-job limit is reached: the job waits in the queue."
            : _journal.IsHeld ? "The storage is full, so this state is not saved yet: it is saved when there is space, and lost if the process ends before."
            : null;
        var status = _journal.Require().ToStatus(_run is not null || _waiting, _run?.StalledBecause ?? waits);
        return _run?.Describe(status) ?? status;
    }

    /// <summary>Whether this silo stays to save a state later.</summary>
    private bool CanHold() => !_deactivating && !_services.Lifetime.Draining.IsCancellationRequested;

    private JobSpec Normalize(JobSpec spec) => spec with { Tenant = _key.Tenant, Source = _services.Sources.Normalize(spec.Source) };

    private Task<JobRecord> DecideAsync(JobTrigger trigger) =>
        _journal.UpdateAsync(job => JobMachine.Decide(job, trigger, _services.Time.GetUtcNow()).NextOrThrow());

    private Task PublishAsync(JobEvent published) => this.GetStreamProvider(StreamNames.Provider)
        .GetStream<JobEvent>(StreamId.Create(StreamNames.JobEvents, _key.ToString()))
        .OnNextAsync(published)
        .WaitAsync(PublishTimeout, _services.Time);

    private void OnChanged(JobRecord before, JobRecord after)
    {
        if (before.State != after.State)
        {
            _services.Instruments.Entered(after.State);
            JobLog.Entered(_services.Logger, _key, after.State, after.ErrorMessage is { } why ? $": {why}" : "");
        }
    }
}
