using Quiver.Core.Jobs;
using Quiver.GrainInterfaces.Workers;
using Quiver.Tests.Support;

namespace Quiver.Tests.Unit.Core.Jobs;

public sealed class JobUsageTests
{
    [Fact]
    public void With_ReadingsRepeatedAndOutOfOrder_CountsTheHighestOfEachMeterOnce()
    {
        var random = Seed.For(nameof(With_ReadingsRepeatedAndOutOfOrder_CountsTheHighestOfEachMeterOnce));
        var meters = Enumerable.Range(0, 10).Select(_ => Guid.NewGuid()).ToArray();
        var readings = meters.SelectMany(meter => Enumerable.Range(1, 20).Select(calls => Reading(meter, calls))).ToArray();

        var usage = readings.Concat(readings).OrderBy(_ => random.Next()).Aggregate(JobUsage.None, (sum, reading) => sum.With(reading));

        Assert.Equal(new ModelUsage { Calls = 200, Texts = 400, Tokens = 600, Cost = 20m }, usage.Sum());
    }

    [Fact]
    public void With_NothingNew_IsTheSame()
    {
        var reading = Reading(Guid.NewGuid(), 3);
        var usage = JobUsage.None.With(reading);

        Assert.Same(usage, usage.With(reading));
        Assert.Same(usage, usage.With(Reading(Guid.NewGuid(), 0)));
        Assert.Same(usage, usage.With(usage));
    }

    [Fact]
    public void With_MoreMetersThanAreKeptApart_LosesNothing_AndStaysSmall()
    {
        var usage = Enumerable.Range(0, 1000).Aggregate(JobUsage.None, (sum, _) => sum.With(Reading(Guid.NewGuid(), 2)));

        Assert.Equal(2000, usage.Sum().Calls);
        Assert.InRange(usage.Meters.Length, 1, 256);
    }

    [Fact]
    public void Job_ThatBeginsAnew_KeepsWhatWasUsed_AndWhatAnOlderVersionCountedAmongItsProgress()
    {
        var job = JobSamples.Record() with
        {
            Counters = new() { Documents = 5, EmbeddingCalls = 1, EmbeddedTexts = 2, EmbeddedTokens = 3, Cost = 0.1m },
            Usage = JobUsage.None.With(Reading(Guid.NewGuid(), 4)),
        };

        var reset = job.FromTheBeginning();

        Assert.Equal((5, 5, 10, 15), Seen(job));
        Assert.Equal((0, 5, 10, 15), Seen(reset));
        Assert.Equal((0, 5, 10, 15), Seen(reset.FromTheBeginning()));
    }

    private static (long Documents, long Calls, long Texts, long Tokens) Seen(JobRecord job)
    {
        var counters = job.ToStatus().Counters;
        Assert.Equal(counters, job.WithEvent(JobEventKind.BatchCommitted, JobSamples.Start).Outbox[^1].Counters);
        return (counters.Documents, counters.EmbeddingCalls, counters.EmbeddedTexts, counters.EmbeddedTokens);
    }

    private static UsageReading Reading(Guid meter, int calls) =>
        new() { Meter = meter, Total = new() { Calls = calls, Texts = 2 * calls, Tokens = 3 * calls, Cost = 0.1m * calls } };
}
