using Microsoft.Extensions.Logging.Abstractions;
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
        using var next = new JobJournal(Key, new MemoryState<IngestionJobState>(_state.Stored), _ledger, StreamAsync, (_, _) => { }, () => { }, NullLogger.Instance);
        next.Publish();
        await next.FlushAsync();

        Assert.Equal([1, 2, 3], await LedgerAsync());
    }

    private static Task<JobRecord> StallAsync(JobJournal journal) => journal.UpdateAsync(job => job.WithEvent(JobEventKind.Stalled, JobSamples.Start));

    private JobJournal Open() => new(Key, _state, _ledger, StreamAsync, (_, _) => { }, () => _broken++, NullLogger.Instance);

    private Task StreamAsync(JobEvent entry)
    {
        _published.Add(entry);
        return Task.CompletedTask;
    }

    private async Task<IEnumerable<long>> LedgerAsync() => (await _ledger.ReadEventsAsync(Key, 0, 1000, Token)).Select(entry => entry.Sequence);
}
