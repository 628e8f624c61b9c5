using Quiver.Core.Consistency;
using Quiver.Core.Embedding;
using Quiver.Core.Jobs;
using Quiver.Core.Resilience;
using Quiver.Core.Sources;
using Quiver.GrainInterfaces.Workers;

namespace Quiver.Grains.Jobs;

/// <summary>One activation's work on a job, from taking it up to its end or to being told to stop. Runs in the background of the activation.</summary>
internal sealed class JobRun(JobKey key, JobJournal journal, JobServices services, WorkerSlots workers, IGrainFactory grains) : IPumpHost, IDisposable
{
    private readonly CancellationTokenSource _drain = CancellationTokenSource.CreateLinkedTokenSource(services.Lifetime.Draining);
    private readonly CancellationTokenSource _abort = new();
    private readonly TimeSpan _elapsedBefore = journal.Require().Elapsed;
    private readonly long _startedAt = services.Time.GetTimestamp();
    private readonly JobMetering _metering = new(key, services, workers);
    private readonly JobStalls _stalls = new(key, journal, services);
    private CollectionBinding? _binding;
    private IEmbeddingModel? _model;
    private (int MaxTokens, int OverlapTokens) _chunking;

    /// <summary>Why there is no progress at the moment; null while there is.</summary>
    public string? StalledBecause => _stalls.Because;

    private RetrySchedule Retries => new(services.Options.RetryBaseDelay, services.Options.RetryMaxDelay, services.Random);

    private JobRetry Steps => new(Retries, services.Options.MaxAttempts, services.Options.OutageLimit, services.Time, Stalled);

    private TimeSpan Elapsed => _elapsedBefore + services.Time.GetElapsedTime(_startedAt);

    /// <summary>Reads what the model still answers after the run.</summary>
    public JobMetering Metering => _metering;

    /// <summary>Whether all that was used until the run ended is in the job's state.</summary>
    public bool IsMetered { get; private set; }

    /// <summary>No new batches; those in flight finish and are checkpointed.</summary>
    public void Drain() => _drain.Cancel();

    /// <summary>Batches in flight are stopped as well.</summary>
    public void Abort()
    {
        _drain.Cancel();
        _abort.Cancel();
    }

    /// <summary>Works until the job is at its end or a stop was asked for. Throws only when the state cannot be written.</summary>
    public async Task RunAsync()
    {
        try
        {
            await WorkAsync();
        }
        catch (OperationCanceledException) when (_drain.IsCancellationRequested)
        {
            // Stopped while opening the source or between steps: the checkpoint says where to go on.
        }
        catch (Exception e) when (!journal.IsBroken)
        {
            await FinishAsync(JobFaults.Judge(services.Logger, key, e));
        }
    }

    /// <inheritdoc cref="JobStalls.CheckForSilence"/>
    public void CheckForSilence() => _stalls.CheckForSilence();

    public async Task<BatchResult> ProcessAsync(SourceBatch batch, ChunkPlace? from, CancellationToken cancellationToken)
    {
        var job = journal.Require();
        var started = services.Time.GetTimestamp();
        var request = new BatchRequest
        {
            Job = key,
            Binding = _binding,
            Model = _model?.Info.Id,
            MaxAtModel = _model is { IsRemote: true } ? MaxAtModel(job.Spec) : 0,
            Items = batch.Items,
            WasAccepted = job.Counters.Stored > 0 || job.Usage.Sum().Calls > 0,
            Sync = job.Spec.Sync,
            MaxTokens = _chunking.MaxTokens,
            OverlapTokens = _chunking.OverlapTokens,
            Generation = job.Generation,
            Epoch = job.Epoch,
            DryRun = job.Spec.DryRun,
            From = from,
            JobStartedAt = job.StartedAt ?? job.CreatedAt,
        };
        using var activity = JobInstruments.Activities.StartActivity("quiver.batch");
        activity?.SetTag("quiver.tenant", key.Tenant.Value).SetTag("quiver.job", key.Job.Value).SetTag("quiver.batch.documents", batch.Items.Length);
        var result = await CallWorkerAsync(request, cancellationToken);
        _metering.Note(result.Usage);
        _stalls.Answered();
        services.Instruments.BatchFinished(result.Counters, services.Time.GetElapsedTime(started));
        return result;
    }

    public async Task CheckpointAsync(SourceCursor cursor, JobCounters counters)
    {
        var job = await journal.UpdateAsync(present =>
            Told(_metering.Into(present) with { Cursor = cursor, Counters = counters, Elapsed = Elapsed }));
        JobLog.Checkpointed(services.Logger, key, counters.Documents, job.LastCommittedIndex);
    }

    public void Stalled(string code, string message) => _stalls.Stalled(code, message);

    public void Progressed() => _stalls.Progressed();

    public void Dispose()
    {
        _drain.Dispose();
        _abort.Dispose();
    }

    /// <summary>A silo's share: its workers keep to it among themselves.</summary>
    private int MaxAtModel(JobSpec spec) => PumpSettings.ShareOf(spec.MaxInFlight ?? services.Options.MaxInFlight, services.Silos.Active);

    private async Task<BatchResult> CallWorkerAsync(BatchRequest request, CancellationToken cancellationToken)
    {
        using var given = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        try
        {
            return await GrainCalls.ReachAsync("A worker", () => workers.UseAsync(worker => worker.ProcessAsync(request, given.Token)));
        }
        catch (TimeoutException)
        {
            // Nobody waits for it any more, and the next attempt needs the model that it uses.
            await given.CancelAsync();
            throw;
        }
    }

    private async Task WorkAsync()
    {
        var job = await journal.UpdateAsync(present => present.State == JobState.Running ? present with { Epoch = present.Epoch + 1 } : present);
        if (job.State != JobState.Running)
        {
            return;
        }

        JobLog.TakenUp(services.Logger, key, job.Cursor.NextOrdinal, job.Epoch);
        (_model, _binding) = await new JobBinder(key, journal, services, grains, Steps).BindAsync(job, _drain.Token);
        _chunking = JobSpecRules.Chunking(job.Spec, _model.Info, services.Options);
        job = journal.Require();
        var source = await Steps.RunAsync("Opening the source", token => services.Sources.OpenAsync(job.Spec.Source, token), _drain.Token);
        Progressed();
        var restarts = new StoreRestarts(key, journal, services, Steps, Progressed);
        if (!job.Spec.DryRun)
        {
            await restarts.NoteAsync(_drain.Token);
        }

        if (job.Epoch > 1 && !job.SourceEnded)
        {
            // Everything behind the cursor is tried again: what fails again is listed again, and what was mended is not.
            await Steps.RunAsync("Clearing the list of failures", ForgetFailuresAsync, _drain.Token);
        }

        if (!job.SourceEnded && !await PumpAsync(source))
        {
            return;
        }

        job = journal.Require();
        if (job.Spec.Sync == SyncMode.Mirror && !job.Spec.DryRun && Outcome(job).Trigger != JobTrigger.Fail && job.Counters.Unidentified == 0)
        {
            await SweepAsync(source, job.Generation);
        }

        var warning = _binding is { } binding ? await restarts.WarnAsync(binding, _drain.Token) : null;
        await FinishAsync(Outcome(journal.Require()).With(warning));
    }

    private async Task<bool> ForgetFailuresAsync(CancellationToken cancellationToken)
    {
        await services.Ledger.DeleteFailuresAsync(key, journal.Require().Cursor.NextOrdinal, cancellationToken);
        return true;
    }

    /// <summary>True when the source has ended and everything of it is stored.</summary>
    private async Task<bool> PumpAsync(IDocumentSource source)
    {
        var job = journal.Require();
        if (job.ExpectedDocuments is null && job.Cursor.NextOrdinal == 0 && await Steps.RunAsync("Counting the source", source.CountAsync, _drain.Token) is { } expected)
        {
            job = await journal.UpdateAsync(present => present with { ExpectedDocuments = expected });
        }

        var settings = PumpSettings.For(job.Spec, services.Options, _model is { IsRemote: true }, services.Silos.Active) with { ExpectedDocuments = job.ExpectedDocuments };
        var pump = new IngestionPump(settings, source, job.Cursor, job.Counters, this, Retries, services.Time);
        var end = await pump.RunAsync(_drain.Token, _abort.Token);
        if (end == PumpEnd.SourceEnded)
        {
            await journal.UpdateAsync(present => present with { SourceEnded = true, Elapsed = Elapsed });
        }

        return end == PumpEnd.SourceEnded;
    }

    private async Task SweepAsync(IDocumentSource source, long generation)
    {
        var sweep = new MirrorSweep(services.Ledger, services.Store);
        while (true)
        {
            _drain.Token.ThrowIfCancellationRequested();
            var step = await Steps.RunAsync("Deleting what the source no longer has", token => sweep.StepAsync(_binding!, source.Origins, generation, token), _drain.Token);
            if (step.Deleted == 0)
            {
                return;
            }

            Progressed();
            await CheckpointAsync(journal.Require().Cursor, journal.Require().Counters.Add(step));
        }
    }

    private JobOutcome Outcome(JobRecord job) =>
        JobOutcome.Of(job.Counters, job.ExpectedDocuments, job.Spec.MaxFailureRatio ?? services.Options.MaxFailureRatio, job.Spec);

    private async Task FinishAsync(JobOutcome outcome)
    {
        await _metering.ReadAsync();
        await journal.UpdateAsync(present => present.State == JobState.Running
            ? JobMachine.Decide(_metering.Into(present) with { Elapsed = Elapsed }, outcome.Trigger, services.Time.GetUtcNow(), outcome.Code, outcome.Message).NextOrThrow()
            : _metering.Into(present));
        IsMetered = true;
    }

    /// <summary>The event of a job's end is its last.</summary>
    private JobRecord Told(JobRecord job) => job.State.IsFinal() ? job : job.WithEvent(JobEventKind.BatchCommitted, services.Time.GetUtcNow());
}
