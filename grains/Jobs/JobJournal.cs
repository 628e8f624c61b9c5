using Microsoft.Extensions.Logging;
using Quiver.Core.Jobs;
using Quiver.Core.Ledger;

namespace Quiver.Grains.Jobs;

/// <summary>
/// The one writer of a job's state. Events travel inside the state until the ledger has them, so that a stop between the two loses none
/// and repeats none. Telling them happens behind the writer's back and never fails a job.
/// </summary>
internal sealed class JobJournal(
    JobKey key,
    IPersistentState<IngestionJobState> state,
    IJobLedger ledger,
    Func<JobEvent, Task> publish,
    Action<JobRecord, JobRecord> changed,
    Action broken,
    ILogger logger) : IDisposable
{
    private readonly SemaphoreSlim _gate = new(1, 1);
    private Task _telling = Task.CompletedTask;
    private bool _tellAgain;
    private long _told;
    private JobRecord? _saved;

    /// <summary>The job as last persisted; null until it is submitted.</summary>
    public JobRecord? Job => state.State.Job;

    /// <summary>True when a write failed: memory and storage may differ, and the activation must go.</summary>
    public bool IsBroken { get; private set; }

    /// <summary>True when the ledger has the job as it stands.</summary>
    public bool IsTold => _telling.IsCompleted && ReferenceEquals(_saved, Job);

    /// <summary>The job, or a refusal.</summary>
    public JobRecord Require() => Job ?? throw UnknownJob.Error(key);

    /// <summary>Writes the first state.</summary>
    public Task<JobRecord> CreateAsync(JobRecord job) => WriteAsync(present => present is null ? job : throw new InvalidOperationException($"Job {key} exists."));

    /// <summary>Changes the state; a change that gives the same record writes nothing.</summary>
    /// <param name="change">Pure; may throw to refuse.</param>
    public Task<JobRecord> UpdateAsync(Func<JobRecord, JobRecord> change) => WriteAsync(_ => change(Require()));

    /// <summary>Tells what is not told yet; needed only where nothing was changed, such as after a stop.</summary>
    public void Announce()
    {
        _tellAgain = true;
        if (_telling.IsCompleted)
        {
            _telling = TellAsync();
        }
    }

    /// <summary>Waits until everything told has arrived, or failed to.</summary>
    public Task FlushAsync() => _telling;

    /// <summary>Erases the state; nothing of the job is told afterwards.</summary>
    public async Task ForgetAsync()
    {
        await _gate.WaitAsync();
        try
        {
            _tellAgain = false;
            await FlushAsync();
            await state.ClearStateAsync();
        }
        catch (Exception e)
        {
            IsBroken = true;
            JobLog.NotSaved(logger, e, key);
            broken();
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

            next = next with { Outbox = [.. next.Outbox.Where(told => told.Sequence > _told).TakeLast(JobRecord.MaxOutbox)] };
            state.State = new IngestionJobState { Job = next };
            try
            {
                await state.WriteStateAsync();
            }
            catch (Exception e)
            {
                state.State = before;
                IsBroken = true;
                JobLog.NotSaved(logger, e, key);
                broken();
                throw;
            }

            if (before.Job is { } previous)
            {
                changed(previous, next);
            }

            Announce();
            return next;
        }
        finally
        {
            _gate.Release();
        }
    }

    private async Task TellAsync()
    {
        while (_tellAgain && Job is { } job)
        {
            _tellAgain = false;
            try
            {
                var events = job.Outbox.Where(told => told.Sequence > _told).ToList();
                await ledger.SaveJobAsync(job.ToStatus());
                if (events.Count > 0)
                {
                    await ledger.AppendEventsAsync(key, events);
                    _told = events[^1].Sequence;
                }

                _saved = job;

                await PublishAsync(events);
            }
            catch (Exception e)
            {
                JobLog.NotTold(logger, e, key);
            }
        }
    }

    /// <summary>Who watches reads the ledger when the stream is silent: what cannot be published now is not tried again.</summary>
    private async Task PublishAsync(IReadOnlyList<JobEvent> events)
    {
        try
        {
            foreach (var told in events)
            {
                await publish(told);
            }
        }
        catch (Exception e)
        {
            JobLog.NotPublished(logger, e, key);
        }
    }
}
