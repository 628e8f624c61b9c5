using FsCheck;
using FsCheck.Fluent;
using Quiver.Core.Jobs;
using Quiver.Core.Sources;

namespace Quiver.Tests.Unit.Core.Jobs;

public sealed class CheckpointTrackerTests
{
    [Fact]
    public void Tracker_AnyOrderOfCompletion_StandsAtTheEndOfTheContiguousPrefix()
    {
        // Each number starts a batch when even, else finishes one of those open, chosen by the number.
        var steps = Gen.Choose(0, 1000).ArrayOf().ToArbitrary();

        Prop.ForAll(steps, choices =>
        {
            var tracker = new CheckpointTracker(new SourceCursor(100, "p100"), new JobCounters { Documents = 100 });
            var sizes = new List<int>();
            var open = new List<int>();
            foreach (var choice in choices)
            {
                var prefixBefore = Prefix(sizes.Count, open);
                var grew = false;
                if (choice % 2 == 0 || open.Count == 0)
                {
                    sizes.Add((choice % 7) + 1);
                    open.Add(sizes.Count - 1);
                    var number = tracker.Start(new SourceCursor(100 + sizes.Sum(), $"p{100 + sizes.Sum()}"));
                    Assert.Equal(sizes.Count - 1, number);
                }
                else
                {
                    var finished = open[choice % open.Count];
                    open.Remove(finished);
                    grew = tracker.Finish(finished, new JobCounters { Documents = sizes[finished] });
                }

                var prefix = Prefix(sizes.Count, open);
                var done = 100 + sizes.Take(prefix).Sum();
                Assert.Equal(prefix > prefixBefore, grew);
                Assert.Equal(new SourceCursor(done, $"p{done}"), tracker.Cursor);
                Assert.Equal(done, tracker.Counters.Documents);
                Assert.Equal(sizes.Count - prefix, tracker.Window);
            }
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void Finish_Twice_IsRefused()
    {
        var tracker = new CheckpointTracker(SourceCursor.Start, JobCounters.Zero);
        tracker.Start(new SourceCursor(1, "a"));
        var second = tracker.Start(new SourceCursor(2, "b"));
        tracker.Finish(second, JobCounters.Zero);

        Assert.Throws<InvalidOperationException>(() => tracker.Finish(second, JobCounters.Zero));
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(0)]
    [InlineData(2)]
    public void Finish_NotOpen_IsRefused(long number)
    {
        var tracker = new CheckpointTracker(SourceCursor.Start, JobCounters.Zero);
        tracker.Finish(tracker.Start(new SourceCursor(1, "a")), JobCounters.Zero);
        tracker.Start(new SourceCursor(2, "b"));

        Assert.Throws<ArgumentOutOfRangeException>(() => tracker.Finish(number, JobCounters.Zero));
    }

    private static int Prefix(int started, List<int> open) => open.Count == 0 ? started : open.Min();
}
