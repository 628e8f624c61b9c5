using Quiver.Core.Jobs;
using Quiver.Core.Sources;
using Quiver.Tests.Support;

namespace Quiver.Tests.Unit.Core.Jobs;

public sealed class JobRecordTests
{
    [Fact]
    public void Create_NewJob_IsQueuedAndTellsOfIt()
    {
        var job = JobRecord.Create(JobId.Parse("job-1"), JobSamples.Spec(), JobSamples.Start);

        Assert.Equal((JobState.Queued, -1, 1), (job.State, job.LastCommittedIndex, job.LastEventSequence));
        var entry = Assert.Single(job.Outbox);
        Assert.Equal((1, JobEventKind.StateChanged, JobState.Queued, JobSamples.Start), (entry.Sequence, entry.Kind, entry.State, entry.At));
    }

    [Fact]
    public void WithEvent_Events_CarryTheProgressOfTheirTime()
    {
        var job = JobSamples.Record(JobState.Running) with { Cursor = new SourceCursor(8, "p"), Counters = new JobCounters { Documents = 8 }, ExpectedDocuments = 10 };

        var entry = job.WithEvent(JobEventKind.Stalled, JobSamples.Start.AddHours(1), "throttled", "Wait.").Outbox[^1];

        Assert.Equal((2, JobEventKind.Stalled, JobState.Running, 7, 8, 10), (entry.Sequence, entry.Kind, entry.State, entry.LastCommittedIndex, entry.Counters.Documents, entry.ExpectedDocuments));
        Assert.Equal(("throttled", "Wait.", JobSamples.Start.AddHours(1)), (entry.Code, entry.Message, entry.At));
    }

    [Fact]
    public void WithEvent_OutboxNeverRead_StartsOne() =>
        Assert.Single((JobSamples.Record() with { Outbox = default }).WithEvent(JobEventKind.Stalled, JobSamples.Start).Outbox);

    [Fact]
    public void ToStatus_Record_IsShownInFull()
    {
        var job = JobSamples.Record(JobState.Failed) with { Cursor = new SourceCursor(8, "p"), Epoch = 2, Generation = 3, Elapsed = TimeSpan.FromSeconds(4), ExpectedDocuments = 5 };

        var status = job.ToStatus(active: true, "waiting");

        Assert.Equal((job.Id, job.Spec, job.State, true, "waiting"), (status.Id, status.Spec, status.State, status.Active, status.StalledBecause));
        Assert.Equal((7, 2, 3, 5), (status.LastCommittedIndex, status.Epoch, status.Generation, status.ExpectedDocuments));
        Assert.Equal((job.CreatedAt, job.StartedAt, job.FinishedAt, job.Elapsed), (status.CreatedAt, status.StartedAt, status.FinishedAt, status.Elapsed));
        Assert.Equal((job.ErrorCode, job.ErrorMessage, job.LastEventSequence), (status.ErrorCode, status.ErrorMessage, status.LastEventSequence));
    }

    [Fact]
    public void Report_Status_HasRatesAndFailures()
    {
        var failures = Enumerable.Range(0, 20).Select(i => new FailedDocument { Ordinal = i, DocumentId = $"d{i}", Code = i < 15 ? "a" : "b", Reason = "r", At = JobSamples.Start });
        var status = (JobSamples.Record(JobState.Running) with { Elapsed = TimeSpan.FromSeconds(2), Counters = new JobCounters { Documents = 10, Chunks = 30 } }).ToStatus();

        var report = JobReports.Create(status, [.. failures]);

        Assert.Equal((5, 15), (report.DocumentsPerSecond, report.ChunksPerSecond));
        Assert.Equal((15, 5, 10), (report.FailuresByCode["a"], report.FailuresByCode["b"], report.FirstFailures.Length));
    }

    [Fact]
    public void Report_NothingRan_HasNoRates() => Assert.Equal(0, JobReports.Create(JobSamples.Record().ToStatus(), []).DocumentsPerSecond);
}
