using Quiver.Core.Jobs;
using Quiver.Tests.Support;

namespace Quiver.Tests.Unit.Core.Jobs;

public sealed class JobOutcomeTests
{
    [Theory]
    [InlineData(0, 0, 0, null, 0.05, JobTrigger.Complete)]
    [InlineData(100, 0, 0, null, 0.05, JobTrigger.Complete)]
    [InlineData(100, 0, 0, 100L, 0.05, JobTrigger.Complete)]
    [InlineData(100, 0, 0, 101L, 0.05, JobTrigger.CompleteWithWarnings)]
    [InlineData(100, 0, 0, 99L, 0.05, JobTrigger.CompleteWithWarnings)]
    [InlineData(100, 5, 0, null, 0.05, JobTrigger.CompleteWithWarnings)]
    [InlineData(100, 6, 0, null, 0.05, JobTrigger.Fail)]
    [InlineData(100, 1, 0, null, 0.0, JobTrigger.Fail)]
    [InlineData(100, 0, 0, null, 0.0, JobTrigger.Complete)]
    [InlineData(100, 100, 0, null, 1.0, JobTrigger.CompleteWithWarnings)]
    [InlineData(1, 1, 0, null, 0.99, JobTrigger.Fail)]
    [InlineData(100, 0, 1, null, 0.05, JobTrigger.CompleteWithWarnings)]
    public void Of_Counters_EndAsTheTableSays(long documents, long failed, long superseded, long? expected, double ratio, JobTrigger trigger)
    {
        var outcome = JobOutcome.Of(new JobCounters { Documents = documents, Failed = failed, Superseded = superseded }, expected, ratio);

        Assert.Equal(trigger, outcome.Trigger);
        Assert.Equal(trigger == JobTrigger.Fail ? ErrorCodes.TooManyFailures : null, outcome.Code);
        Assert.Equal(trigger == JobTrigger.Complete, outcome.Message is null);
    }

    [Fact]
    public void Of_SeveralWarnings_NamesThemAll()
    {
        var outcome = JobOutcome.Of(new JobCounters { Documents = 100, Failed = 2, Superseded = 3 }, 101, 0.05);

        Assert.Equal(
            "2 of 100 documents failed; 3 documents were left to a newer job or a later record of the same id; the source was expected to have 101 documents and had 100.",
            outcome.Message);
    }

    [Fact]
    public void Of_OneOfEach_SaysSo() => Assert.Equal(
        "1 of 1 document failed; 1 document was left to a newer job or a later record of the same id; 1 record replaced an earlier record of the same id: ids must be unique within a source; the source was expected to have 2 documents and had 1.",
        JobOutcome.Of(new JobCounters { Documents = 1, Failed = 1, Superseded = 1, Overwritten = 1 }, 2, 1).Message);

    [Theory]
    [InlineData(1, SyncMode.Update, false, "1 object was replaced or deleted while it was read, and was read again as it is now. Documents that only earlier versions had are still stored; a job that mirrors the source deletes them.")]
    [InlineData(2, SyncMode.Mirror, false, "2 objects were replaced or deleted while they were read, and were read again as they are now. Submit the job again to delete what is left of earlier versions.")]
    [InlineData(2, SyncMode.Mirror, true, "2 objects were replaced or deleted while they were read, and were read again as they are now.")]
    public void Of_ObjectsThatChanged_SaysSoAndWhatIsLeftOfThem(long changes, SyncMode sync, bool dryRun, string message)
    {
        var outcome = JobOutcome.Of(new JobCounters { Documents = 100, SourceChanges = changes }, null, 0.05, JobSamples.Spec() with { Sync = sync, DryRun = dryRun });

        Assert.Equal((JobTrigger.CompleteWithWarnings, message), (outcome.Trigger, outcome.Message));
    }

    [Fact]
    public void Of_WhatWasStoredButNotUnderstood_SaysSoOnce()
    {
        var outcome = JobOutcome.Of(new JobCounters { Documents = 10, Stored = 10, Chunks = 40, UnknownChunks = 7, MalformedFrontMatter = 2 }, null, 0.05);

        Assert.Equal(JobTrigger.CompleteWithWarnings, outcome.Trigger);
        Assert.Equal(
            "the front matter of 2 documents is not valid and was left out: the metadata field front_matter_fault says why; 7 of 40 chunks are mostly in a script that the model does not know, so a search by meaning finds them by chance: choose a model for their language.",
            outcome.Message);
    }

    [Fact]
    public void Of_TooManyFailures_SaysHowMany() =>
        Assert.StartsWith("6 of 100 documents failed, more than the tolerated 5", JobOutcome.Of(new JobCounters { Documents = 100, Failed = 6 }, null, 0.05).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData(999, 999, null, 0.05, false)]
    [InlineData(1000, 50, null, 0.05, false)]
    [InlineData(1000, 51, null, 0.05, true)]
    [InlineData(1000, 51, 500L, 0.05, true)]
    [InlineData(1000, 51, 10_000L, 0.05, false)]
    [InlineData(1000, 501, 10_000L, 0.05, true)]
    [InlineData(1000, 1, null, 0.0, true)]
    [InlineData(1000, 1000, null, 1.0, false)]
    public void FindTooManyFailures_InTheMiddle_WaitsForEnoughDocuments_AndForWhatTheRestCouldMakeGood(long documents, long failed, long? expected, double ratio, bool ends)
    {
        var end = JobOutcome.FindTooManyFailures(new JobCounters { Documents = documents, Failed = failed }, expected, ratio);

        Assert.Equal(ends ? ErrorCodes.TooManyFailures : null, end?.Code);
    }
}
