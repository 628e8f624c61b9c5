using Microsoft.Extensions.Logging;
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
/// </summary>
internal sealed class JobJournal(
    JobKey key,
    IPersistentState<IngestionJobState> state,
    IJobLedger ledger,
    Func<JobEvent, Task> stream,
    Action<JobRecord, JobRecord> changed,
    Action broken,
    ILogger logger) : IDisposable
{
    private readonly SemaphoreSlim _gate = new(1, 1);
    private Task _publishing = Task.CompletedTask;
    private bool _publishAgain;
    private long _publishedSequence;
    private JobRecord? _publishedJob;

    /// <summary>The job as last persisted; null until it is submitted.</summary>
    public JobRecord? Job => state.State.Job;

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
            var before = state.State;
            var next = change(before.Job);
            if (ReferenceEquals(next, before.Job))
            {
                return next;
            }

            next = next with { Outbox = [.. next.Outbox.Where(waiting => waiting.Sequence > _publishedSequence).TakeLast(JobRecord.MaxOutbox)] };
            state.State = new IngestionJobState { Job = next };
            try
            {
                await state.WriteStateAsync();
            }
            catch (Exception exception)
            {
                state.State = before;
                Break(exception);
                throw;
            }

            if (before.Job is { } previous)
            {
                changed(previous, next);
            }

            Publish();
            return next;
        }
        finally
        {
            _gate.Release();
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
            try
            {
                var events = job.Outbox.Where(waiting => waiting.Sequence > _publishedSequence).ToList();
                await ledger.SaveJobAsync(job.ToStatus());
                if (events.Count > 0)
                {
                    await ledger.AppendEventsAsync(key, events);
                    _publishedSequence = events[^1].Sequence;
                }

                _publishedJob = job;
                await StreamAsync(events);
            }
            catch (Exception exception)
            {
                JobLog.NotPublished(logger, exception, key);
            }
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
