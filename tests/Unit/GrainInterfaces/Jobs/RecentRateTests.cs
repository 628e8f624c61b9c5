using Quiver.Tests.Support;

namespace Quiver.Tests.Unit.GrainInterfaces.Jobs;

public sealed class RecentRateTests
{
    private readonly ManualTimeProvider _time = new();

    [Fact]
    public void Rate_IsOverTheLastHalfMinute_WhateverCameBefore()
    {
        var rate = new RecentRate(_time, 0);
        Grow(rate, from: 0, seconds: 100, perSecond: 50);
        Grow(rate, from: 5000, seconds: 60, perSecond: 2);

        Assert.Equal(2, rate.PerSecond, 0.1);
        Assert.Equal(TimeSpan.FromSeconds(50), rate.TimeFor(100));
    }

    [Fact]
    public void Rate_DuringALongWait_IsZero_AndHasNoEstimate()
    {
        var rate = new RecentRate(_time, 0);
        Grow(rate, from: 0, seconds: 10, perSecond: 50);
        _time.Advance(TimeSpan.FromMinutes(8));

        Assert.Equal((0, null), (rate.PerSecond, rate.TimeFor(100)));
    }

    [Fact]
    public void Rate_AtTheStart_CountsWhatHasPassed()
    {
        var rate = new RecentRate(_time, 1000);
        Assert.Equal(0, rate.PerSecond);
        Grow(rate, from: 1000, seconds: 4, perSecond: 10);

        Assert.Equal(10, rate.PerSecond);
    }

    [Theory]
    [InlineData(null)]
    [InlineData(0L)]
    [InlineData(-5L)]
    public void TimeFor_NothingLeftOrUnknown_IsNull(long? left)
    {
        var rate = new RecentRate(_time, 0);
        Grow(rate, from: 0, seconds: 4, perSecond: 10);

        Assert.Null(rate.TimeFor(left));
    }

    [Fact]
    public void Rate_OfACountThatFalls_StartsAgain()
    {
        var rate = new RecentRate(_time, 0);
        Grow(rate, from: 0, seconds: 10, perSecond: 50);
        rate.Add(0);
        Grow(rate, from: 0, seconds: 5, perSecond: 3);

        Assert.Equal(3, rate.PerSecond);
    }

    private void Grow(RecentRate rate, long from, int seconds, int perSecond)
    {
        for (var second = 1; second <= seconds; second++)
        {
            _time.Advance(TimeSpan.FromSeconds(1));
            rate.Add(from + (second * perSecond));
        }
    }
}
