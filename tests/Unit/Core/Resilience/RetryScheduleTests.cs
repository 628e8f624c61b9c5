using FsCheck;
using FsCheck.Fluent;
using Quiver.Core.Resilience;

namespace Quiver.Tests.Unit.Core.Resilience;

public sealed class RetryScheduleTests
{
    [Fact]
    public void Delay_AnyAttempt_LiesBetweenZeroAndTheCeiling()
    {
        var inputs = Gen.Choose(1, 5000).SelectMany(first => Gen.Choose(1, 200).SelectMany(attempt => Gen.Choose(0, 10000).Select(seed => (first, attempt, seed)))).ToArbitrary();

        Prop.ForAll(inputs, input =>
        {
            var cap = TimeSpan.FromSeconds(30);
            var schedule = new RetrySchedule(TimeSpan.FromMilliseconds(input.first), cap, new Random(input.seed));

            var delay = schedule.Delay(input.attempt);

            var ceiling = Math.Min(cap.TotalMilliseconds, input.first * Math.Pow(2, input.attempt - 1));
            Assert.InRange(delay.TotalMilliseconds, 0, ceiling);
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void Delay_ManyDraws_SpreadOverTheWholeRange()
    {
        var schedule = new RetrySchedule(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(30), new Random(1));

        var delays = Enumerable.Range(0, 1000).Select(_ => schedule.Delay(3).TotalSeconds).ToList();

        Assert.InRange(delays.Min(), 0, 0.4);
        Assert.InRange(delays.Max(), 3.6, 4);
        Assert.InRange(delays.Average(), 1.8, 2.2);
    }

    [Theory]
    [InlineData(-5, 0)]
    [InlineData(5, 5)]
    [InlineData(100_000, 3600)]
    public void Clamp_KeepsRequestedDelaysWithinAnHour(int requested, int expected) =>
        Assert.Equal(TimeSpan.FromSeconds(expected), RetrySchedule.Clamp(TimeSpan.FromSeconds(requested)));
}
