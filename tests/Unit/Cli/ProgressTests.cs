using FsCheck;
using FsCheck.Fluent;
using Quiver.Cli.Output;
using Quiver.Cli.Watching;
using Quiver.Tests.Support;

namespace Quiver.Tests.Unit.Cli;

public sealed class ProgressTests
{
    [Fact]
    public void Tracker_AnyEvents_NeverGoesBackwardsAndNeverClaimsTheEnd() => Check.One(
        Config.QuickThrowOnFailure.WithMaxTest(500),
        Prop.ForAll<(byte Documents, byte? Expected)[]>(steps =>
        {
            var tracker = new ProgressTracker(Samples.Job(JobState.Running, counters: JobCounters.Zero), TimeProvider.System);
            var percent = 0;
            var documents = 0L;
            foreach (var (done, expected) in steps)
            {
                var shown = tracker.Apply(Samples.Event(1, JobState.Running, done, expected));
                if (shown.Counters.Documents < documents || shown.Percent is { } now && (now < percent || now > 99))
                {
                    return false;
                }

                if (shown.Percent is null != (expected is null or 0 || expected < shown.Counters.Documents))
                {
                    return false;
                }

                (percent, documents) = (shown.Percent ?? percent, shown.Counters.Documents);
            }

            return true;
        }));

    [Fact]
    public void Tracker_TotalUnknown_HasNoPercent()
    {
        var tracker = new ProgressTracker(Samples.Job(JobState.Running), TimeProvider.System);

        var line = ProgressLine.Write(tracker.Apply(Samples.Event(1, JobState.Running, 20)));

        Assert.StartsWith("running: 20 documents, 60 chunks", line, StringComparison.Ordinal);
        Assert.DoesNotContain("%", line, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(JobState.Running, 499, "running: 499 of 998 documents (50 %), ")]
    [InlineData(JobState.Running, 997, "running: 997 of 998 documents (99 %), ")]
    [InlineData(JobState.Running, 998, "running: 998 of 998 documents, ")]
    [InlineData(JobState.Failed, 998, "failed: 998 of 998 documents, ")]
    [InlineData(JobState.Completed, 998, "completed: 998 of 998 documents (100 %), ")]
    [InlineData(JobState.CompletedWithWarnings, 998, "completed with warnings: 998 of 998 documents (100 %), ")]
    public void Line_PercentageAndNumbers_DoNotContradictEachOther(JobState state, int documents, string start)
    {
        var tracker = new ProgressTracker(Samples.Job(JobState.Running, counters: JobCounters.Zero), TimeProvider.System);

        Assert.StartsWith(start, ProgressLine.Write(tracker.Apply(Samples.Event(1, state, documents, 998))), StringComparison.Ordinal);
    }

    [Fact]
    public void Tracker_RateAndTimeLeft_AreThoseOfTheLastHalfMinute()
    {
        var time = new ManualTimeProvider();
        var tracker = new ProgressTracker(Samples.Job(JobState.Running, counters: JobCounters.Zero), time);
        tracker.Apply(Samples.Event(1, JobState.Running, 500, 1000));
        time.Advance(TimeSpan.FromMinutes(8));
        tracker.Apply(Samples.Event(2, JobState.Running, 500, 1000));
        for (var i = 1; i <= 40; i++)
        {
            time.Advance(TimeSpan.FromSeconds(1));
            tracker.Apply(Samples.Event(2 + i, JobState.Running, 500 + (2 * i), 1000));
        }

        Assert.EndsWith(", 2 documents/s, 4 min left", ProgressLine.Write(tracker.Latest), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1, "less than 1 min")]
    [InlineData(61, "2 min")]
    [InlineData(3540, "59 min")]
    [InlineData(3580, "1 h 0 min")]
    [InlineData(11_520, "3 h 12 min")]
    public void TimeLeft_IsRoundedUp(int seconds, string text) => Assert.Equal(text, Quantities.TimeLeft(TimeSpan.FromSeconds(seconds)));

    [Fact]
    public void Tracker_Stall_IsShownUntilProgressReturns()
    {
        var tracker = new ProgressTracker(Samples.Job(JobState.Running), TimeProvider.System);

        var stalled = tracker.Apply(Samples.Event(1, JobState.Running, 20, kind: JobEventKind.Stalled) with { Message = "the disk is full" });
        var moved = tracker.Apply(Samples.Event(2, JobState.Running, 21));

        Assert.True(stalled.IsNews);
        Assert.EndsWith("; waiting: the disk is full", ProgressLine.Write(stalled), StringComparison.Ordinal);
        Assert.Null(moved.Stall);
    }

    [Fact]
    public async Task Live_TheWorkFails_PassesTheErrorOn()
    {
        var tracker = new ProgressTracker(Samples.Job(JobState.Running), TimeProvider.System);
        var display = new LiveProgress(TextWriter.Null);

        var error = await Assert.ThrowsAsync<TransientException>(() => display.RunAsync(tracker.Latest, show =>
        {
            show(tracker.Apply(Samples.Event(1, JobState.Running, 20, 40)));
            throw new TransientException(ErrorCodes.Timeout, "[bad] markup");
        }));

        Assert.Equal("[bad] markup", error.Message);
    }

    [Fact]
    public async Task Plain_ManyEventsInASecond_ShowsOnlyNews()
    {
        var cli = new CliHarness();
        cli.Client.Events = [.. Enumerable.Range(1, 50).Select(i => Samples.Event(i, i == 50 ? JobState.Completed : JobState.Running, i))];

        await cli.RunAsync("ingest", "a", "--collection", "books");

        Assert.Equal(
            ["queued: 0 documents, 0 chunks", "running: 1 document, 3 chunks", "completed: 50 documents, 150 chunks"],
            cli.Error.ReplaceLineEndings("\n").Split('\n', StringSplitOptions.RemoveEmptyEntries).Skip(1));
    }
}
