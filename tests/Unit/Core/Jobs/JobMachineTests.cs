using Quiver.Core.Jobs;
using Quiver.Tests.Support;

namespace Quiver.Tests.Unit.Core.Jobs;

public sealed class JobMachineTests
{
    private static readonly DateTimeOffset Now = JobSamples.Start.AddHours(1);

    /// <summary>Rows are states, columns triggers: Admit, Pause, Resume, Cancel, Retry, Complete, CompleteWithWarnings, Fail, Suspend, Continue. '-' is a refusal.</summary>
    private static readonly Dictionary<JobState, string> Table = new()
    {
        [JobState.Queued] = "R - - X - - - - - -",
        [JobState.Running] = "R P R X - C W F P -",
        [JobState.Paused] = "- P R X - - - - - R",
        [JobState.Completed] = "- - - - - - - - - -",
        [JobState.CompletedWithWarnings] = "- - - - - - - - - -",
        [JobState.Failed] = "- - - - Q - - - - -",
        [JobState.Cancelled] = "- - - X - - - - - -",
    };

    private static readonly Dictionary<string, JobState> Letters = new()
    {
        ["Q"] = JobState.Queued,
        ["R"] = JobState.Running,
        ["P"] = JobState.Paused,
        ["C"] = JobState.Completed,
        ["W"] = JobState.CompletedWithWarnings,
        ["F"] = JobState.Failed,
        ["X"] = JobState.Cancelled,
    };

    public static TheoryData<JobState, JobTrigger, JobState?> Cells
    {
        get
        {
            var cells = new TheoryData<JobState, JobTrigger, JobState?>();
            foreach (var state in Enum.GetValues<JobState>())
            {
                var row = Table[state].Split(' ');
                foreach (var (trigger, cell) in Enum.GetValues<JobTrigger>().Zip(row))
                {
                    cells.Add(state, trigger, Letters.TryGetValue(cell, out var next) ? next : null);
                }
            }

            return cells;
        }
    }

    public static TheoryData<JobState, JobTrigger, JobState> Changes
    {
        get
        {
            var changes = new TheoryData<JobState, JobTrigger, JobState>();
            foreach (var row in Cells)
            {
                var (state, trigger, next) = row.Data;
                if (next is { } other && other != state)
                {
                    changes.Add(state, trigger, other);
                }
            }

            return changes;
        }
    }

    [Fact]
    public void Table_Cells_CoverEveryStateAndTrigger() =>
        Assert.Equal(Enum.GetValues<JobState>().Length * Enum.GetValues<JobTrigger>().Length, Cells.Count);

    [Theory]
    [MemberData(nameof(Cells))]
    public void Decide_Cell_LeadsWhereTheTableSays(JobState state, JobTrigger trigger, JobState? expected)
    {
        var job = JobSamples.Record(state);

        var decision = JobMachine.Decide(job, trigger, Now, "broken", "It broke.");

        Assert.Equal(expected, JobMachine.Next(state, trigger));
        Assert.Equal(expected, decision.Next?.State);
        Assert.Equal(expected is null, decision.Refusal is not null);
        if (expected == state)
        {
            Assert.Same(job, decision.Next);
        }
    }

    [Theory]
    [MemberData(nameof(Changes))]
    public void Decide_Change_SetsTimesErrorsAndEvents(JobState state, JobTrigger trigger, JobState expected)
    {
        var job = JobSamples.Record(state);

        var next = JobMachine.Decide(job, trigger, Now, "broken", "It broke.").NextOrThrow();

        Assert.Equal(job.StartedAt ?? (expected == JobState.Running ? Now : null), next.StartedAt);
        Assert.Equal(expected.IsFinal() ? Now : null, next.FinishedAt);
        Assert.Equal(trigger is JobTrigger.Fail or JobTrigger.Suspend ? "broken" : null, next.ErrorCode);
        Assert.Equal("It broke.", next.ErrorMessage);
        var entry = next.Outbox.Skip(job.Outbox.Length).ToList();
        Assert.Equal(Enumerable.Range(1, entry.Count).Select(i => job.LastEventSequence + i), entry.Select(one => one.Sequence));
        Assert.Equal(entry[^1].Sequence, next.LastEventSequence);
        Assert.Equal((JobEventKind.StateChanged, expected, Now), (entry[^1].Kind, entry[^1].State, entry[^1].At));
        var isCommand = trigger is JobTrigger.Pause or JobTrigger.Resume or JobTrigger.Cancel or JobTrigger.Retry;
        Assert.Equal(isCommand ? 2 : 1, entry.Count);
        if (isCommand)
        {
            Assert.Equal((JobEventKind.CommandReceived, state), (entry[0].Kind, entry[0].State));
        }
    }

    [Theory]
    [InlineData(JobState.Queued, JobTrigger.Pause, "Job job-1 is queued, so it cannot pause; allowed commands: cancel.")]
    [InlineData(JobState.Running, JobTrigger.Retry, "Job job-1 is running, so it cannot retry; allowed commands: pause, cancel.")]
    [InlineData(JobState.Paused, JobTrigger.Retry, "Job job-1 is paused, so it cannot retry; allowed commands: resume, cancel.")]
    [InlineData(JobState.Paused, JobTrigger.CompleteWithWarnings, "Job job-1 is paused, so it cannot complete; allowed commands: resume, cancel.")]
    [InlineData(JobState.Completed, JobTrigger.Cancel, "Job job-1 is completed, so it cannot cancel; no command applies to it any more.")]
    [InlineData(JobState.CompletedWithWarnings, JobTrigger.Pause, "Job job-1 is completed with warnings, so it cannot pause; no command applies to it any more.")]
    [InlineData(JobState.CompletedWithWarnings, JobTrigger.Retry, "Job job-1 is completed with warnings, so it cannot retry; fix the documents and submit the job again: unchanged documents cost nothing.")]
    [InlineData(JobState.Cancelled, JobTrigger.Retry, "Job job-1 is cancelled, so it cannot retry; submit the job again: documents that it has stored and that are unchanged cost nothing.")]
    [InlineData(JobState.Failed, JobTrigger.Resume, "Job job-1 is failed, so it cannot resume; allowed commands: retry.")]
    [InlineData(JobState.Cancelled, JobTrigger.Resume, "Job job-1 is cancelled, so it cannot resume; no command applies to it any more.")]
    public void Refusal_Sentence_SaysWhatCanBeDone(JobState state, JobTrigger trigger, string sentence)
    {
        var decision = JobMachine.Decide(JobSamples.Record(state), trigger, Now);

        var error = Assert.Throws<ConflictException>(decision.NextOrThrow);
        Assert.Equal((ErrorCodes.IllegalTransition, sentence), (error.Code, error.Message));
    }

    [Fact]
    public void Suspend_UntilATime_KeepsTheTimeUntilTheJobContinues()
    {
        var resumesAt = Now.AddHours(8);
        var paused = JobMachine.Decide(JobSamples.Record(JobState.Running), JobTrigger.Suspend, Now, "spent", "It is used up.", resumesAt).NextOrThrow();
        var continued = JobMachine.Decide(paused, JobTrigger.Continue, resumesAt).NextOrThrow();
        var resumed = JobMachine.Decide(paused, JobTrigger.Resume, Now).NextOrThrow();

        Assert.Equal((JobState.Paused, resumesAt, "spent"), (paused.State, paused.ResumesAt, paused.ErrorCode));
        Assert.Equal((JobState.Running, null, null), (continued.State, continued.ResumesAt, continued.ErrorCode));
        Assert.Equal((JobState.Running, null), (resumed.State, resumed.ResumesAt));
    }

    [Fact]
    public void Pause_OfAJobThatWouldContinueByItself_LastsUntilACommandEndsIt()
    {
        var paused = JobMachine.Decide(JobSamples.Record(JobState.Running), JobTrigger.Suspend, Now, "spent", "It is used up.", Now.AddHours(8)).NextOrThrow();

        var next = JobMachine.Decide(paused, JobTrigger.Pause, Now).NextOrThrow();

        Assert.Equal((JobState.Paused, null), (next.State, next.ResumesAt));
        Assert.Equal((JobEventKind.CommandReceived, "pause"), (next.Outbox[^1].Kind, next.Outbox[^1].Message));
    }

    [Fact]
    public void Describe_UnknownState_IsHandled() => Assert.Equal("in the unknown state 99", ((JobState)99).InWords());

    [Fact]
    public void Retry_FailedJob_ForgetsTheErrorAndKeepsTheCheckpoint()
    {
        var job = JobSamples.Record(JobState.Failed) with { Cursor = new(5, "p5"), Counters = new JobCounters { Documents = 5 }, Epoch = 3, Generation = 2 };

        var next = JobMachine.Decide(job, JobTrigger.Retry, Now).NextOrThrow();

        Assert.Equal((null, null, null), (next.ErrorCode, next.ErrorMessage, next.FinishedAt));
        Assert.Equal((5, 5, 3, 2), (next.Cursor.NextOrdinal, next.Counters.Documents, next.Epoch, next.Generation));
    }

    [Fact]
    public void Retry_JobWhoseSourceWasReadToItsEnd_ReadsItAgain_AndStillKnowsWhichObjectsChanged()
    {
        var job = JobSamples.Record(JobState.Failed) with { Cursor = new(5, "p5"), Counters = new JobCounters { Documents = 5, Failed = 3, SourceChanges = 1 }, SourceEnded = true, Generation = 2 };

        var next = JobMachine.Decide(job, JobTrigger.Retry, Now).NextOrThrow();

        Assert.Equal((0, 0, false, 2), (next.Cursor.NextOrdinal, next.Counters.Documents, next.SourceEnded, next.Generation));
        Assert.Equal(new JobCounters { SourceChanges = 1 }, next.Counters);
    }

    [Theory]
    [InlineData(ErrorCodes.TooManyFailures)]
    [InlineData(ErrorCodes.RefusedText)]
    public void Retry_JobOfWhichTooMuchFailedInTheMiddle_ReadsItsSourceFromTheBeginning(string code)
    {
        var job = JobSamples.Record(JobState.Failed) with { Cursor = new(5, "p5"), Counters = new JobCounters { Documents = 5, Failed = 3 }, ErrorCode = code };

        var next = JobMachine.Decide(job, JobTrigger.Retry, Now).NextOrThrow();

        Assert.Equal((0, 0, 0), (next.Cursor.NextOrdinal, next.Counters.Documents, next.Counters.Failed));
    }
}
