using System.Globalization;
using Microsoft.Extensions.Logging;
using Quiver.Core.Consistency;
using Quiver.Core.Embedding;
using Quiver.Core.Jobs;
using Quiver.Core.Resilience;
using Quiver.Core.Sources;
using Quiver.GrainInterfaces.Workers;

namespace Quiver.Grains.Jobs;

/// <summary>One run of a job, until it ends or is stopped; an activation may have several. Runs in the background of the activation.</summary>
internal sealed class JobRun : IPumpHost, IDisposable
{
    private readonly JobKey _key;
    private readonly JobJournal _journal;
    private readonly JobServices _services;
    private readonly WorkerSlots _workers;
    private readonly RunStop _stop;
    private readonly RetrySchedule _retries;
    private readonly JobRetry _steps;
    private readonly JobBinder _binder;
    private readonly JobStalls _stalls;
    private readonly StoreRestartCheck _restarts;
    private readonly TimeSpan _elapsedBefore;
    private readonly TimeSpan _waitingBefore;
    private readonly RecentRate _rate;
    private readonly long _startedAt;
    private IEmbeddingModel? _model;
    private CollectionBinding? _binding;
    private BatchDispatcher? _batches;

    public JobRun(JobKey key, JobJournal journal, JobServices services, WorkerSlots workers, IGrainFactory grains)
    {
        _key = key;
        _journal = journal;
        _services = services;
        _workers = workers;
        _stop = new(services.Lifetime.Draining);
        _retries = new(services.Options.RetryBaseDelay, services.Options.RetryMaxDelay, services.Random);
        _steps = new(_retries, services.Options.MaxAttempts, services.Options.OutageLimit, services.Time, Stalled);
        _binder = new(key, journal, services, grains, _steps);
        _stalls = new(key, journal, services, WithTimes);
        _restarts = new(services.Ledger, services.Store, _steps, Progressed);
        Metering = new(key, services, workers);
        var job = journal.Require();
        (_elapsedBefore, _waitingBefore) = (job.Elapsed, job.Waiting);
        _rate = new(services.Time, job.Counters.Documents);
        _startedAt = services.Time.GetTimestamp();
    }

    /// <summary>Why the job makes no progress; null while it does.</summary>
    public string? StalledBecause => _stalls.Because;

    /// <summary>Reads the model usage, also after the run.</summary>
    public JobMetering Metering { get; }

    /// <summary>Whether the job's state has all usage up to the end of the run.</summary>
    public bool IsMetered { get; private set; }

    /// <summary>Returns the job with its times and its rate as they are now.</summary>
    public JobStatus Describe(JobStatus status)
    {
        var job = WithTimes(_journal.Require());
        return status with
        {
            Elapsed = job.Elapsed,
            Waiting = job.Waiting,
            DocumentsPerSecond = _rate.PerSecond,
            TimeLeft = _rate.TimeFor(job.ExpectedDocuments - job.Counters.Documents),
        };
    }

    /// <summary>Starts no new batches; batches in flight finish and are checkpointed.</summary>
    public void Drain() => _stop.Drain();

    /// <summary>Also stops the batches in flight.</summary>
    public void Abort() => _stop.Abort();

    /// <inheritdoc cref="JobStalls.CheckForSilence"/>
    public void CheckForSilence() => _stalls.CheckForSilence();

    public void Dispose() => _stop.Dispose();

    /// <summary>Works until the job ends or the run is stopped. Throws only when the state cannot be written.</summary>
    public async Task RunAsync()
    {
        try
        {
            await WorkAsync();
        }
        catch (OperationCanceledException) when (_stop.IsDraining)
        {
            // Stopped while opening the source or between steps: the next run continues from the checkpoint.
        }
        catch (Exception exception) when (!_journal.IsBroken)
        {
            await FinishAsync(Judge(_services.Logger, _key, exception, _services.Time.GetUtcNow()));
        }

        if (!IsMetered && !_journal.IsBroken && _journal.Job is not null)
        {
            // Stopped: the time since the last checkpoint counts too, such as a long wait.
            await _journal.UpdateAsync(WithTimes);
        }
    }

    private JobRecord WithTimes(JobRecord job)
    {
        var elapsed = _elapsedBefore + _services.Time.GetElapsedTime(_startedAt);
        var waiting = _waitingBefore + _stalls.Waited;
        return job with { Elapsed = elapsed, Waiting = waiting < elapsed ? waiting : elapsed };
    }

    private async Task WorkAsync()
    {
        if (!await StartEpochAsync())
        {
            return;
        }

        (_model, _binding) = await _binder.BindAsync(_stop.Draining);
        _batches = new(_key, _journal, _services, _workers, _model, _binding);
        var source = await _steps.RunAsync("Opening the source", token => _services.Sources.OpenAsync(_journal.Require().Spec.Source, token), _stop.Draining);
        Progressed();
        await RecordStoreInstanceAsync();
        await DeleteFailuresToRetryAsync();
        if (!_journal.Require().SourceEnded && !await PumpAsync(source))
        {
            return;
        }

        await MirrorAsync(source);
        var losses = await DescribeLossesAsync();
        await FinishAsync(Outcome().With(losses));
    }

    /// <summary>Takes the next epoch; false when a command has changed the job's state.</summary>
    private async Task<bool> StartEpochAsync()
    {
        var job = await _journal.UpdateAsync(present => present.State == JobState.Running ? present with { Epoch = present.Epoch + 1 } : present);
        if (job.State != JobState.Running)
        {
            return false;
        }

        JobLog.Continued(_services.Logger, _key, job.Cursor.NextOrdinal, job.Epoch);
        return true;
    }

    /// <summary>Records which process of the vector store receives the job's points, unless an earlier run did.</summary>
    private async Task RecordStoreInstanceAsync()
    {
        if (_journal.Require() is { Spec.DryRun: false, StoreInstance: null } && await FindStoreInstanceAsync() is { } instance)
        {
            await _journal.UpdateAsync(present => present with { StoreInstance = instance });
        }
    }

    /// <summary>Everything from the cursor on is tried again: a document that fails again is listed again.</summary>
    private async Task DeleteFailuresToRetryAsync()
    {
        if (_journal.Require() is { Epoch: > 1, SourceEnded: false } job)
        {
            await _steps.RunAsync(
                "Clearing the list of failures",
                async token =>
                {
                    await _services.Ledger.DeleteFailuresAsync(_key, job.Cursor.NextOrdinal, token);
                    return true;
                },
                _stop.Draining);
        }
    }

    /// <summary>Returns true when the source has ended and everything of it is stored.</summary>
    private async Task<bool> PumpAsync(IDocumentSource source)
    {
        var job = _journal.Require();
        if (job is { ExpectedDocuments: null, Cursor.NextOrdinal: 0 }
            && await _steps.RunAsync("Counting the source", source.CountAsync, _stop.Draining) is { } expected)
        {
            job = await _journal.UpdateAsync(present => present with { ExpectedDocuments = expected });
        }

        var settings = PumpSettings.For(job.Spec, _services.Options, _model is { IsRemote: true }, _services.Silos.Active);
        settings = settings with { ExpectedDocuments = job.ExpectedDocuments };
        var pump = new IngestionPump(settings, source, job.Cursor, job.Counters, this, _retries, _services.Time);
        if (await pump.RunAsync(_stop) != PumpEnd.SourceEnded)
        {
            return false;
        }

        await _journal.UpdateAsync(present => WithTimes(present) with { SourceEnded = true });
        return true;
    }

    /// <summary>Deletes what the source no longer has, if the job mirrors it and has read all of it.</summary>
    private async Task MirrorAsync(IDocumentSource source)
    {
        var job = _journal.Require();
        if (job.Spec.Sync != SyncMode.Mirror || job.Spec.DryRun || Outcome().Trigger == JobTrigger.Fail || job.Counters.Unidentified > 0)
        {
            return;
        }

        var sweep = new MirrorSweep(_services.Ledger, _services.Store);
        while (true)
        {
            _stop.Draining.ThrowIfCancellationRequested();
            var step = await _steps.RunAsync(
                "Deleting what the source no longer has", token => sweep.StepAsync(_binding!, source.Origins, job.Generation, token), _stop.Draining);
            if (step.Deleted == 0)
            {
                return;
            }

            Progressed();
            await CheckpointAsync(_journal.Require().Cursor, _journal.Require().Counters.Add(step));
        }
    }

    /// <summary>Returns a warning when the vector store was restarted during the job and lost points; null otherwise.</summary>
    private async Task<string?> DescribeLossesAsync()
    {
        var job = _journal.Require();
        if (_binding is not { } binding || job.StoreInstance is not { } before || await FindStoreInstanceAsync() is not { } now || now == before)
        {
            return null;
        }

        JobLog.StoreRestarted(_services.Logger, _key);
        return await _restarts.DescribeLossesAsync(binding, job.Generation, hasDeleted: job.Counters.PointsDeleted > 0, _stop.Draining);
    }

    /// <summary>Null if the store does not identify its process, for any reason.</summary>
    private async Task<string?> FindStoreInstanceAsync()
    {
        try
        {
            return await _restarts.FindInstanceAsync(_stop.Draining);
        }
        catch (QuiverException exception)
        {
            JobLog.StoreInstanceUnknown(_services.Logger, exception, _key);
            return null;
        }
    }

    private JobOutcome Outcome()
    {
        var job = _journal.Require();
        return JobOutcome.Of(job.Counters, job.ExpectedDocuments, job.Spec.MaxFailureRatio ?? _services.Options.MaxFailureRatio, job.Spec);
    }

    private async Task FinishAsync(JobOutcome outcome)
    {
        await Metering.ReadAsync();
        await _journal.UpdateAsync(present =>
        {
            var metered = Metering.Into(present);
            return present.State == JobState.Running
                ? JobMachine.Decide(WithTimes(metered), outcome.Trigger, _services.Time.GetUtcNow(), outcome.Code, outcome.Message, outcome.ResumesAt).NextOrThrow()
                : metered;
        });
        IsMetered = true;
    }

    /// <summary>Decides and logs how an error ends the job: a full store and a quota that resets pause it and are no failures.</summary>
    internal static JobOutcome Judge(ILogger logger, JobKey key, Exception exception, DateTimeOffset now)
    {
        var error = exception as QuiverException
            ?? new PermanentException(ErrorCodes.Internal, $"The job failed unexpectedly: {exception.GetType().Name}: {exception.Message} The log has the details; retry the job.", exception);
        if (error.Code == ErrorCodes.StorageFull)
        {
            JobLog.Suspended(logger, key, error.Message, error.Code);
            return new(JobTrigger.Suspend, error.Code, error.Message);
        }

        if (ThrottleCauses.Of(error) == ThrottleCause.Quota)
        {
            var resumesAt = now + RetrySchedule.ClampQuota(error.RetryAfter);
            var message = string.Create(
                CultureInfo.InvariantCulture, $"{error.Message} The job continues by itself at {resumesAt.UtcDateTime:yyyy-MM-dd HH:mm:ss} UTC if a server runs then, or earlier when it is resumed.");
            JobLog.PausedUntil(logger, key, resumesAt, error.Message, error.Code);
            return new(JobTrigger.Suspend, error.Code, message, resumesAt);
        }

        JobLog.Failed(logger, exception, key, error.Message, error.Code);
        return new(JobTrigger.Fail, error.Code, error.Message);
    }

    public async Task<BatchResult> ProcessAsync(Batch batch, ChunkCursor? from, CancellationToken cancellationToken)
    {
        var result = await _batches!.ProcessAsync(batch, from, cancellationToken);
        Metering.Record(result.Usage);
        _stalls.Answered();
        return result;
    }

    public async Task CheckpointAsync(SourceCursor cursor, JobCounters counters)
    {
        var job = await _journal.UpdateAsync(present =>
        {
            var next = WithTimes(Metering.Into(present)) with { Cursor = cursor, Counters = counters };

            // The last event of a job is its end.
            return next.State.IsFinal() ? next : next.WithEvent(JobEventKind.BatchCommitted, _services.Time.GetUtcNow());
        });
        _rate.Add(counters.Documents);
        JobLog.Checkpointed(_services.Logger, _key, counters.Documents, job.LastCommittedIndex);
    }

    public void Stalled(string code, string message) => _stalls.Stalled(code, message);

    public void Progressed() => _stalls.Progressed();
}
