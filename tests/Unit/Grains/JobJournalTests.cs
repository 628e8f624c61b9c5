using Microsoft.Extensions.Logging.Abstractions;
using Orleans.Runtime;
using Quiver.Core.Jobs;
using Quiver.Grains.Jobs;
using Quiver.Tests.Support;

namespace Quiver.Tests.Unit.Grains;

public sealed class JobJournalTests
{
    private static readonly JobKey Key = JobKey.Parse("acme/job-1");

    private readonly FaultSwitch _faults = new();
    private readonly MemoryLedger _ledger;
    private readonly MemoryState<IngestionJobState> _state = new();
    private readonly List<JobEvent> _published = [];
    private int _broken;
    private bool _canHold = true;

    public JobJournalTests() => _ledger = new MemoryLedger(_faults);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Update_Events_ReachLedgerAndStreamOnceInOrder()
    {
        using var journal = Open();
        await journal.CreateAsync(JobSamples.Record());
        for (var i = 0; i < 5; i++)
        {
            await StallAsync(journal);
        }

        await journal.FlushAsync();

        Assert.True(journal.IsPublished);
        Assert.Equal([1, 2, 3, 4, 5, 6], await LedgerAsync());
        Assert.Equal([1, 2, 3, 4, 5, 6], _published.Select(entry => entry.Sequence));
        Assert.Equal(6, (await _ledger.FindJobAsync(Key, Token))!.LastEventSequence);
    }

    [Fact]
    public async Task Update_SameRecord_WritesNothing()
    {
        using var journal = Open();
        await journal.CreateAsync(JobSamples.Record());
        var writes = _state.Writes;

        await journal.UpdateAsync(job => job);

        Assert.Equal(writes, _state.Writes);
    }

    [Fact]
    public async Task Update_RefusedByTheChange_ChangesNothing()
    {
        using var journal = Open();
        await journal.CreateAsync(JobSamples.Record());

        await Assert.ThrowsAsync<ConflictException>(() => journal.UpdateAsync(job => JobMachine.Decide(job, JobTrigger.Retry, JobSamples.Start).NextOrThrow()));

        Assert.False(journal.IsBroken);
        Assert.Equal(JobState.Queued, journal.Job!.State);
    }

    [Fact]
    public async Task Update_WriteFails_KeepsTheOldRecordAndAsksToGo()
    {
        using var journal = Open();
        await journal.CreateAsync(JobSamples.Record());
        _state.Fault = new IOException("The disk is full.");

        await Assert.ThrowsAsync<IOException>(() => StallAsync(journal));

        Assert.Equal((1, true, 1), (journal.Job!.LastEventSequence, journal.IsBroken, _broken));
    }

    [Fact]
    public async Task Update_StoreFull_RefusesProgressAndStaysUsable()
    {
        using var journal = Open();
        await journal.CreateAsync(JobSamples.Record(JobState.Running));
        _state.Fault = Full;

        var refused = await Assert.ThrowsAsync<PermanentException>(() => StallAsync(journal));
        _state.Fault = null;
        await StallAsync(journal);

        Assert.Equal(ErrorCodes.StorageFull, refused.Code);
        Assert.Equal((2, false, false, 0), (journal.Job!.LastEventSequence, journal.IsHeld, journal.IsBroken, _broken));
    }

    [Theory]
    [InlineData(JobTrigger.Suspend, JobState.Paused)]
    [InlineData(JobTrigger.Pause, JobState.Paused)]
    [InlineData(JobTrigger.Cancel, JobState.Cancelled)]
    [InlineData(JobTrigger.Fail, JobState.Failed)]
    [InlineData(JobTrigger.Complete, JobState.Completed)]
    public async Task Update_StoreFull_HoldsTheStateThatStopsTheJobAndSavesItLater(JobTrigger trigger, JobState state)
    {
        using var journal = Open();
        await journal.CreateAsync(JobSamples.Record(JobState.Running));
        await journal.FlushAsync();
        _state.Fault = Full;

        await DecideAsync(journal, trigger);
        await journal.FlushAsync();

        Assert.Equal((state, true, false), (journal.Job!.State, journal.IsHeld, journal.IsBroken));
        Assert.Equal(state, _published[^1].State);
        Assert.Equal(JobState.Running, (await _ledger.FindJobAsync(Key, Token))!.State);
        Assert.Equal(JobState.Running, Stored().State);
        Assert.False(await journal.TrySaveHeldAsync());

        _state.Fault = null;
        Assert.True(await journal.TrySaveHeldAsync());
        await journal.FlushAsync();

        Assert.Equal((state, false), (Stored().State, journal.IsHeld));
        Assert.Equal(state, (await _ledger.FindJobAsync(Key, Token))!.State);
        Assert.Equal(await LedgerAsync(), _published.Select(entry => entry.Sequence));
    }

    [Fact]
    public async Task Update_StoreFullInAProcessThatEnds_IsRefused()
    {
        using var journal = Open();
        await journal.CreateAsync(JobSamples.Record(JobState.Running));
        (_state.Fault, _canHold) = (Full, false);

        var refused = await Assert.ThrowsAsync<PermanentException>(() => DecideAsync(journal, JobTrigger.Cancel));

        Assert.Equal((ErrorCodes.StorageFull, JobState.Running, false), (refused.Code, journal.Job!.State, journal.IsBroken));
    }

    [Fact]
    public async Task Update_StoreFull_CannotResumeAHeldJobButCanCancelIt()
    {
        using var journal = Open();
        await journal.CreateAsync(JobSamples.Record(JobState.Running));
        _state.Fault = Full;
        await DecideAsync(journal, JobTrigger.Suspend);

        var refused = await Assert.ThrowsAsync<PermanentException>(() => DecideAsync(journal, JobTrigger.Resume));
        var before = journal.Job!.State;
        await DecideAsync(journal, JobTrigger.Cancel);

        Assert.Equal((ErrorCodes.StorageFull, JobState.Paused), (refused.Code, before));
        Assert.Equal((JobState.Cancelled, true), (journal.Job!.State, journal.IsHeld));
    }

    [Fact]
    public async Task Update_LedgerFull_StillReachesTheStream()
    {
        using var journal = Open();
        _faults.OnStep = static _ => throw Full;
        await journal.CreateAsync(JobSamples.Record());
        await StallAsync(journal);
        await journal.FlushAsync();
        _faults.OnStep = null;
        journal.Publish();
        await journal.FlushAsync();

        Assert.Equal([1, 2], _published.Select(entry => entry.Sequence));
        Assert.Equal([1, 2], await LedgerAsync());
    }

    [Fact]
    public async Task Update_LedgerDown_IsNotPublishedUntilItIsBack()
    {
        using var journal = Open();
        _faults.OnStep = step => step.StartsWith("before", StringComparison.Ordinal) ? throw new IOException("down") : Task.CompletedTask;
        await journal.CreateAsync(JobSamples.Record());
        await StallAsync(journal);
        await journal.FlushAsync();
        Assert.False(journal.IsPublished);

        _faults.OnStep = null;
        journal.Publish();
        await journal.FlushAsync();

        Assert.True(journal.IsPublished);
        Assert.Equal([1, 2], await LedgerAsync());
    }

    [Fact]
    public async Task Update_LedgerDownForLong_KeepsTheOutboxBounded()
    {
        using var journal = Open();
        _faults.OnStep = _ => throw new IOException("down");
        await journal.CreateAsync(JobSamples.Record());
        for (var i = 0; i < 2 * JobRecord.MaxOutbox; i++)
        {
            await StallAsync(journal);
        }

        Assert.Equal(JobRecord.MaxOutbox, journal.Job!.Outbox.Length);
        Assert.Equal((2 * JobRecord.MaxOutbox) + 1, journal.Job.Outbox[^1].Sequence);
    }

    [Fact]
    public async Task Publish_AfterAnInterruption_AddsWhatTheLedgerMissedAndRepeatsNothingThere()
    {
        using (var journal = Open())
        {
            await journal.CreateAsync(JobSamples.Record());
            await StallAsync(journal);
            await journal.FlushAsync();
            _faults.OnStep = _ => throw new IOException("down");
            await StallAsync(journal);
            await journal.FlushAsync();
        }

        _faults.OnStep = null;
        using var next = new JobJournal(Key, new MemoryState<IngestionJobState>(_state.Stored), _ledger, StreamAsync, (_, _) => { }, () => { }, () => true, NullLogger.Instance);
        next.Publish();
        await next.FlushAsync();

        Assert.Equal([1, 2, 3], await LedgerAsync());
    }

    /// <summary>As Orleans throws it: in an exception of its own.</summary>
    private static OrleansException Full => new("Error from storage provider", new PermanentException(ErrorCodes.StorageFull, "The disk is full."));

    private static Task<JobRecord> DecideAsync(JobJournal journal, JobTrigger trigger) =>
        journal.UpdateAsync(job => JobMachine.Decide(job, trigger, JobSamples.Start, ErrorCodes.StorageFull).NextOrThrow());

    private JobRecord Stored() => new MemoryState<IngestionJobState>(_state.Stored).State.Job!;

    private static Task<JobRecord> StallAsync(JobJournal journal) => journal.UpdateAsync(job => job.WithEvent(JobEventKind.Stalled, JobSamples.Start));

    private JobJournal Open() => new(Key, _state, _ledger, StreamAsync, (_, _) => { }, () => _broken++, () => _canHold, NullLogger.Instance);

    private Task StreamAsync(JobEvent entry)
    {
        _published.Add(entry);
        return Task.CompletedTask;
    }

    private async Task<IEnumerable<long>> LedgerAsync() => (await _ledger.ReadEventsAsync(Key, 0, 1000, Token)).Select(entry => entry.Sequence);
}
