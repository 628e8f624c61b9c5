using Quiver.GrainInterfaces.Workers;
using Quiver.Pipeline.Embedding;
using Quiver.Pipeline.Jobs;
using Quiver.Pipeline.Sources;

namespace Quiver.Grains.Jobs;

/// <summary>One activation's work on a job, from taking it up to its end or to being told to stop. Runs in the background of the activation.</summary>
internal sealed class JobRun(JobKey key, JobJournal journal, JobServices services, IGrainFactory grains) : IPumpHost, IDisposable
{
    private static readonly TimeSpan RepeatStallAfter = TimeSpan.FromSeconds(5);

    private readonly CancellationTokenSource _drain = CancellationTokenSource.CreateLinkedTokenSource(services.Lifetime.Draining);
    private readonly CancellationTokenSource _abort = new();
    private readonly TimeSpan _elapsedBefore = journal.Require().Elapsed;
    private readonly long _startedAt = services.Time.GetTimestamp();
    private long _progressedAt = services.Time.GetTimestamp();
    private (string Code, long At) _stalled = ("", 0);
    private CollectionBinding? _binding;
    private IEmbeddingModel? _model;
    private (int MaxTokens, int OverlapTokens) _chunking;

    /// <summary>Why there is no progress at the moment; null while there is.</summary>
    public string? StalledBecause { get; private set; }

    private TimeSpan Elapsed => _elapsedBefore + services.Time.GetElapsedTime(_startedAt);

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
            var error = e as QuiverException ?? new PermanentException(ErrorCodes.Internal, $"The job failed unexpectedly: {e.GetType().Name}: {e.Message}", e);
            JobLog.Failed(services.Logger, e, key, error.Message, error.Code);
            await FinishAsync(new JobOutcome(JobTrigger.Fail, error.Code, error.Message));
        }
    }

    /// <summary>Tells of a silence, once, when nothing was committed for longer than the options allow.</summary>
    public void CheckForSilence()
    {
        if (StalledBecause is null && services.Time.GetElapsedTime(_progressedAt) >= services.Options.StallAfter)
        {
            Stalled("no_progress", $"No batch was committed for {services.Options.StallAfter.TotalSeconds:0} s; batches in flight have not answered.");
        }
    }

    public async Task<BatchResult> ProcessAsync(SourceBatch batch, int firstChunk, CancellationToken cancellationToken)
    {
        var job = journal.Require();
        var started = services.Time.GetTimestamp();
        var request = new BatchRequest
        {
            Job = key,
            Binding = _binding,
            Model = _model?.Info.Id,
            MaxAtModel = _model is { IsRemote: true } ? job.Spec.MaxInFlight ?? services.Options.MaxInFlight : 0,
            Items = batch.Items,
            Sync = job.Spec.Sync,
            MaxTokens = _chunking.MaxTokens,
            OverlapTokens = _chunking.OverlapTokens,
            Generation = job.Generation,
            Epoch = job.Epoch,
            DryRun = job.Spec.DryRun,
            FirstChunk = firstChunk,
            JobStartedAt = job.StartedAt ?? job.CreatedAt,
        };
        using var activity = JobInstruments.Activities.StartActivity("quiver.batch");
        activity?.SetTag("quiver.tenant", key.Tenant.Value).SetTag("quiver.job", key.Job.Value).SetTag("quiver.batch.documents", batch.Items.Length);
        var result = await CallWorkerAsync(request, cancellationToken);
        services.Instruments.BatchFinished(result.Counters, services.Time.GetElapsedTime(started));
        return result;
    }

    public async Task CheckpointAsync(SourceCursor cursor, JobCounters counters)
    {
        var job = await journal.UpdateAsync(present =>
            (present with { Cursor = cursor, Counters = counters, Elapsed = Elapsed }).WithEvent(JobEventKind.BatchCommitted, services.Time.GetUtcNow()));
        JobLog.Checkpointed(services.Logger, key, counters.Documents, job.LastCommittedIndex);
    }

    public void Stalled(string code, string message)
    {
        var repeated = StalledBecause is not null && _stalled.Code == code && services.Time.GetElapsedTime(_stalled.At) < RepeatStallAfter;
        StalledBecause = message;
        services.Instruments.Stalled(code);
        if (repeated)
        {
            // Each batch in flight meets the same wait; the history needs it once.
            return;
        }

        _stalled = (code, services.Time.GetTimestamp());
        JobLog.Stalled(services.Logger, key, message, code);
        _ = TellStallAsync(code, message);
    }

    public void Progressed()
    {
        StalledBecause = null;
        _progressedAt = services.Time.GetTimestamp();
    }

    public void Dispose()
    {
        _drain.Dispose();
        _abort.Dispose();
    }

    private async Task<BatchResult> CallWorkerAsync(BatchRequest request, CancellationToken cancellationToken)
    {
        try
        {
            return await grains.GetGrain<IEmbeddingWorkerGrain>(0).ProcessAsync(request, cancellationToken);
        }
        catch (OrleansException e)
        {
            // A silo that stops, or a full queue, says nothing about the batch.
            throw new TransientException(ErrorCodes.ServerUnavailable, $"A worker could not be reached: {e.Message}", e);
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
        (_model, _binding) = await new JobBinder(key, journal, services, grains).BindAsync(job, _drain.Token);
        _chunking = JobSpecRules.Chunking(job.Spec, _model.Info, services.Options);
        job = journal.Require();
        var source = await services.Sources.OpenAsync(job.Spec.Source, _drain.Token);
        if (!job.SourceEnded && !await PumpAsync(source))
        {
            return;
        }

        job = journal.Require();
        if (job.Spec.Sync == SyncMode.Mirror && !job.Spec.DryRun && Outcome(job).Trigger != JobTrigger.Fail && job.Counters.Unidentified == 0)
        {
            await SweepAsync(source, job.Generation);
        }

        await FinishAsync(Outcome(journal.Require()));
    }

    /// <summary>True when the source has ended and everything of it is stored.</summary>
    private async Task<bool> PumpAsync(IDocumentSource source)
    {
        var job = journal.Require();
        if (job.ExpectedDocuments is null && job.Cursor.NextOrdinal == 0 && await source.CountAsync(_drain.Token) is { } expected)
        {
            job = await journal.UpdateAsync(present => present with { ExpectedDocuments = expected });
        }

        var retries = new RetrySchedule(services.Options.RetryBaseDelay, services.Options.RetryMaxDelay, services.Random);
        var pump = new IngestionPump(PumpSettings.For(job.Spec, services.Options, _model is { IsRemote: true }), source, job.Cursor, job.Counters, this, retries, services.Time);
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
            var step = await sweep.StepAsync(_binding!, source.Origins, generation, _drain.Token);
            if (step.Deleted == 0)
            {
                return;
            }

            Progressed();
            await CheckpointAsync(journal.Require().Cursor, journal.Require().Counters.Add(step));
        }
    }

    private JobOutcome Outcome(JobRecord job)
    {
        var outcome = JobOutcome.Of(job.Counters, job.ExpectedDocuments, job.Spec.MaxFailureRatio ?? services.Options.MaxFailureRatio);
        return outcome.Trigger == JobTrigger.CompleteWithWarnings && job.Spec.Sync == SyncMode.Mirror && job.Counters.Unidentified > 0
            ? outcome with { Message = $"{outcome.Message} Nothing was deleted, because some of the failures may stand for documents that the source still has; mend them, or exclude them." }
            : outcome;
    }

    private Task FinishAsync(JobOutcome outcome) => journal.UpdateAsync(present =>
        present.State == JobState.Running
            ? JobMachine.Decide(present with { Elapsed = Elapsed }, outcome.Trigger, services.Time.GetUtcNow(), outcome.Code, outcome.Message).NextOrThrow()
            : present);

    private async Task TellStallAsync(string code, string message)
    {
        try
        {
            await journal.UpdateAsync(present => present.State == JobState.Running
                ? present.WithEvent(JobEventKind.Stalled, services.Time.GetUtcNow(), code, message)
                : present);
        }
        catch (Exception e)
        {
            // The stall itself goes on being handled; what matters here is only that it could not be told.
            JobLog.NotTold(services.Logger, e, key);
        }
    }
}
