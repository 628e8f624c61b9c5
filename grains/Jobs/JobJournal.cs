using Microsoft.Extensions.Logging;
using Orleans.Storage;
using Quiver.Core.Jobs;
using Quiver.Core.Ledger;

namespace Quiver.Grains.Jobs;

/// <summary>A job's grain state.</summary>
public sealed class IngestionJobState
{
    /// <summary>The job; null until it is submitted.</summary>
    public JobRecord? Job { get; set; }
}

/// <summary>
/// The only writer of a job's state. Events are part of the state until the ledger has them, so an interruption between the two neither loses
/// nor repeats any. They are published to ledger and stream in the background; that never fails a job.
/// A full store cannot take the state that stops a job either. The journal then holds that state in memory: the job stops at once, and the state
/// is saved when there is space. A process that dies before that continues the job from its last saved state. A process that is about to end, such
/// as a command without a server, holds nothing: the command fails.
/// </summary>
internal sealed class JobJournal(
    JobKey key,
    IPersistentState<IngestionJobState> state,
    IJobLedger ledger,
    Func<JobEvent, Task> stream,
    Action<JobRecord, JobRecord> changed,
    Action broken,
    Func<bool> canHold,
    ILogger logger) : IDisposable
{
    /// <summary>How often a held state is saved again.</summary>
    public static readonly TimeSpan SavePeriod = TimeSpan.FromSeconds(5);

    private readonly SemaphoreSlim _gate = new(1, 1);
    private Task _publishing = Task.CompletedTask;
    private bool _publishAgain;
    private long _publishedSequence;
    private long _streamedSequence;
    private JobRecord? _publishedJob;
    private JobRecord? _held;

    /// <summary>The job as last persisted, or as held; null until it is submitted.</summary>
    public JobRecord? Job => _held ?? state.State.Job;

    /// <summary>True while the state of a job that stopped could not be saved.</summary>
    public bool IsHeld => _held is not null;

    /// <summary>True when a write failed: memory and storage may differ, so the activation must end.</summary>
    public bool IsBroken { get; private set; }

    /// <summary>True when the ledger has the current state of the job.</summary>
    public bool IsPublished => _publishing.IsCompleted && ReferenceEquals(_publishedJob, Job);

    /// <summary>Returns the job, or throws <see cref="NotFoundException"/>.</summary>
    public JobRecord Require() => Job ?? throw UnknownJob.Error(key);

    /// <summary>Writes the first state.</summary>
    public Task<JobRecord> CreateAsync(JobRecord job) => WriteAsync(present => present is null ? job : throw new InvalidOperationException($"Job {key} exists."));

    /// <summary>Changes the state; a change that returns the same record writes nothing.</summary>
    /// <param name="change">Pure; may throw to refuse.</param>
    public Task<JobRecord> UpdateAsync(Func<JobRecord, JobRecord> change) => WriteAsync(_ => change(Require()));

    /// <summary>Saves a held state; false when the store is still full.</summary>
    public async Task<bool> TrySaveHeldAsync()
    {
        await _gate.WaitAsync();
        try
        {
            if (_held is not { } held)
            {
                return true;
            }

            await SaveAsync(held, breaks: static exception => exception is InconsistentStateException);
            _held = null;
            JobLog.HeldSaved(logger, key);
            Publish();
            return true;
        }
        catch (Exception exception) when (!IsBroken)
        {
            if ((exception as QuiverException)?.Code != ErrorCodes.StorageFull)
            {
                JobLog.NotSaved(logger, exception, key);
            }

            return false;
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>Publishes what is not published yet. Writes publish by themselves; needed after an interruption.</summary>
    public void Publish()
    {
        _publishAgain = true;
        if (_publishing.IsCompleted)
        {
            _publishing = PublishPendingAsync();
        }
    }

    /// <summary>Waits until publishing has succeeded or failed.</summary>
    public Task FlushAsync() => _publishing;

    /// <summary>Erases the state; nothing is published afterwards.</summary>
    public async Task EraseAsync()
    {
        await _gate.WaitAsync();
        try
        {
            _publishAgain = false;
            await FlushAsync();
            await state.ClearStateAsync();
            _held = null;
        }
        catch (Exception exception) when (QuiverException.Find(exception) is { Code: ErrorCodes.StorageFull } full)
        {
            throw full;
        }
        catch (Exception exception)
        {
            Break(exception);
            throw;
        }
        finally
        {
            _gate.Release();
        }
    }

    public void Dispose() => _gate.Dispose();

    private async Task<JobRecord> WriteAsync(Func<JobRecord?, JobRecord> change)
    {
        await _gate.WaitAsync();
        try
        {
            var before = Job;
            var next = change(before);
            if (ReferenceEquals(next, before))
            {
                return next;
            }

            next = next with { Outbox = [.. next.Outbox.Where(waiting => waiting.Sequence > _publishedSequence).TakeLast(JobRecord.MaxOutbox)] };
            try
            {
                await SaveAsync(next);
                _held = null;
            }
            catch (QuiverException exception) when (exception.Code == ErrorCodes.StorageFull && before is not null && IsStopped(next.State) && canHold())
            {
                JobLog.Held(logger, key, next.State, SavePeriod, exception.Message);
                _held = next;
            }

            if (before is not null)
            {
                changed(before, next);
            }

            Publish();
            return next;
        }
        finally
        {
            _gate.Release();
        }
    }

    private static bool IsStopped(JobState state) => state.IsFinal() || state == JobState.Paused;

    /// <summary>Writes a record.</summary>
    /// <exception cref="QuiverException">With <see cref="ErrorCodes.StorageFull"/>: the store refused the write; memory and storage are as before.</exception>
    private async Task SaveAsync(JobRecord next, Func<Exception, bool>? breaks = null)
    {
        var before = state.State;
        state.State = new IngestionJobState { Job = next };
        try
        {
            await state.WriteStateAsync();
        }
        catch (Exception exception)
        {
            state.State = before;
            if (QuiverException.Find(exception) is { Code: ErrorCodes.StorageFull } full)
            {
                throw full;
            }

            // A held state was confirmed to a user: the next attempt saves it.
            if (breaks is null || breaks(exception))
            {
                Break(exception);
            }

            throw;
        }
    }

    private void Break(Exception exception)
    {
        IsBroken = true;
        JobLog.NotSaved(logger, exception, key);
        broken();
    }

    private async Task PublishPendingAsync()
    {
        while (_publishAgain && Job is { } job)
        {
            _publishAgain = false;
            var events = job.Outbox.Where(waiting => waiting.Sequence > _publishedSequence).ToList();
            if (_held is null)
            {
                // A held state stays out of the ledger: after a crash the ledger would say that a job has stopped which continues.
                await PublishAsync(job, events);
            }

            // Also when the ledger did not take them: subscribers of a job that stops because the disk is full must learn it.
            await StreamAsync(events.FindAll(waiting => waiting.Sequence > _streamedSequence));
            _streamedSequence = Math.Max(_streamedSequence, events.Count > 0 ? events[^1].Sequence : 0);
        }
    }

    private async Task PublishAsync(JobRecord job, List<JobEvent> events)
    {
        try
        {
            await ledger.SaveJobAsync(job.ToStatus());
            if (events.Count > 0)
            {
                await ledger.AppendEventsAsync(key, events);
                _publishedSequence = events[^1].Sequence;
            }

            _publishedJob = job;
        }
        catch (Exception exception)
        {
            JobLog.NotPublished(logger, exception, key);
        }
    }

    /// <summary>Does not retry: subscribers read the ledger when the stream is silent.</summary>
    private async Task StreamAsync(IReadOnlyList<JobEvent> events)
    {
        try
        {
            foreach (var item in events)
            {
                await stream(item);
            }
        }
        catch (Exception exception)
        {
            JobLog.NotStreamed(logger, exception, key);
        }
    }
}
