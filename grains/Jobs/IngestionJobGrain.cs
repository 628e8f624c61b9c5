using Quiver.Core.Jobs;
using Quiver.GrainInterfaces.Tenants;

namespace Quiver.Grains.Jobs;

/// <summary>Owns one job. Calls only change or read its state; the work goes on in the background of the activation.</summary>
internal sealed partial class IngestionJobGrain : Grain, IIngestionJobGrain, IRemindable, IDisposable
{
    private const string Watchdog = "watchdog";
    private static readonly TimeSpan LongestCancel = TimeSpan.FromSeconds(10);
    // Whoever watches asks the ledger as well; a stream on a silo that is gone must not hold up the job's account of itself.
    private static readonly TimeSpan LongestPublish = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan WatchdogPeriod = TimeSpan.FromMinutes(1);

    // No provider's hard timeout is longer than these rounds together.
    private const int MostLateRounds = 150;
    private static readonly TimeSpan LateRound = TimeSpan.FromSeconds(5);

    private readonly JobServices _services;
    private readonly JobJournal _journal;
    private readonly JobKey _key;
    private JobRun? _run;
    private Task _supervising = Task.CompletedTask;
    private IDisposable? _heartbeat;
    private IDisposable? _lateAnswers;
    private readonly SemaphoreSlim _step = new(1, 1);
    private bool _deactivating;
    private bool _waiting;

    public IngestionJobGrain([PersistentState("job", StreamNames.GrainStorage)] IPersistentState<IngestionJobState> state, JobServices services)
    {
        _services = services;
        _key = JobKey.Parse(this.GetPrimaryKeyString());
        _journal = new JobJournal(_key, state, services.Ledger, PublishAsync, OnChanged, DeactivateOnIdle, services.Logger);
    }

    private ITenantGrain Tenant => GrainFactory.GetGrain<ITenantGrain>(_key.Tenant.Value);

    public async Task<JobStatus> SubmitAsync(JobSpec spec, CancellationToken cancellationToken = default)
    {
        if (_journal.Job is { } existing)
        {
            var repeated = spec.IdempotencyToken is { } token ? token == existing.Spec.IdempotencyToken : JobSpecRules.AskForTheSame(existing.Spec, Normalize(spec));
            if (!repeated)
            {
                throw new ConflictException("job_exists", $"Job {_key.Job} exists with another spec: submit under another id.");
            }

            // The first submission may have ended between the state and the reminder, so that nobody else would ever start it.
            await GoOnAsync(cancellationToken);
            return Status();
        }

        var collection = GrainFactory.GetGrain<ICollectionGrain>(new CollectionKey(_key.Tenant, CollectionName.Parse(spec.Collection.Value)).ToString());
        var (model, _) = await CollectionModels.FindAsync(collection, _services.Models, cancellationToken);
        JobSpecRules.Validate(spec, model.Info, _services.Options);
        var normalized = Normalize(spec);
        await _services.Sources.OpenAsync(normalized.Source, cancellationToken);

        // The place comes first: a refused submission must leave no trace. A place whose job was never written is given back when the
        // tenant next asks the job.
        await Tenant.RequestAdmissionAsync(_key.Job, cancellationToken);
        await _journal.CreateAsync(JobRecord.Create(_key.Job, normalized, _services.Time.GetUtcNow()));
        JobLog.Entered(_services.Logger, _key, JobState.Queued, "");
        await GoOnAsync(cancellationToken);
        return Status();
    }

    public Task<JobStatus> GetStatusAsync(CancellationToken cancellationToken = default) => Task.FromResult(Status());

    public async Task<JobStatus> PauseAsync(CancellationToken cancellationToken = default)
    {
        await DecideAsync(JobTrigger.Pause);
        _run?.Drain();
        await GoOnAsync(cancellationToken);
        return Status();
    }

    public async Task<JobStatus> ResumeAsync(CancellationToken cancellationToken = default)
    {
        await DecideAsync(JobTrigger.Resume);
        await GoOnAsync(cancellationToken);
        return Status();
    }

    public async Task<JobStatus> CancelAsync(CancellationToken cancellationToken = default)
    {
        await DecideAsync(JobTrigger.Cancel);
        _run?.Abort();
        var patience = _services.Options.DrainTimeout < LongestCancel ? _services.Options.DrainTimeout : LongestCancel;
        try
        {
            await _supervising.WaitAsync(patience, _services.Time, cancellationToken);
        }
        catch (TimeoutException)
        {
            // The job is cancelled for good all the same; only its last calls have not come back.
            JobLog.NotDrained(_services.Logger, _key, patience);
        }

        await GoOnAsync(cancellationToken);
        return Status();
    }

    public async Task<JobStatus> RetryAsync(CancellationToken cancellationToken = default)
    {
        await DecideAsync(JobTrigger.Retry);
        await GoOnAsync(cancellationToken);
        return Status();
    }

    public Task WakeAsync(CancellationToken cancellationToken = default) => GoOnAsync(cancellationToken);

    public Task AdmittedAsync() => GoOnAsync(CancellationToken.None);

    public Task ReceiveReminder(string reminderName, TickStatus status) => GoOnAsync(CancellationToken.None);

    public override async Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        _deactivating = true;
        _run?.Drain();
        try
        {
            await _supervising.WaitAsync(_services.Options.DrainTimeout, _services.Time, cancellationToken);
        }
        catch (Exception e) when (e is TimeoutException or OperationCanceledException)
        {
            JobLog.NotDrained(_services.Logger, _key, _services.Options.DrainTimeout);
            _run?.Abort();
        }

        await _journal.FlushAsync();
    }

    public void Dispose()
    {
        _heartbeat?.Dispose();
        _lateAnswers?.Dispose();
        _run?.Dispose();
        _journal.Dispose();
        _step.Dispose();
    }

    private JobStatus Status() =>
        _journal.Require().ToStatus(_run is not null || _waiting, _run?.StalledBecause ?? (_waiting ? "It waits for its tenant's turn: as many jobs run as may." : null));

    private JobSpec Normalize(JobSpec spec) => spec with { Tenant = _key.Tenant, Source = _services.Sources.Normalize(spec.Source) };

    private Task<JobRecord> DecideAsync(JobTrigger trigger) =>
        _journal.UpdateAsync(job => JobMachine.Decide(job, trigger, _services.Time.GetUtcNow()).NextOrThrow());

    private Task PublishAsync(JobEvent told) =>
        this.GetStreamProvider(StreamNames.Provider).GetStream<JobEvent>(StreamId.Create(StreamNames.JobEvents, _key.ToString())).OnNextAsync(told).WaitAsync(LongestPublish, _services.Time);

    private void OnChanged(JobRecord before, JobRecord after)
    {
        if (before.State != after.State)
        {
            _services.Instruments.Entered(after.State);
            JobLog.Entered(_services.Logger, _key, after.State, after.ErrorMessage is { } why ? $": {why}" : "");
        }
    }
}
