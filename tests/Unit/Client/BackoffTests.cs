using Quiver.Client;

namespace Quiver.Tests.Unit.Client;

public sealed class BackoffTests
{
    [Fact]
    public void Next_AgainAndAgain_StaysBelowADoublingCeilingAndTheMaximum()
    {
        var backoff = new Backoff(TimeSpan.FromMilliseconds(100), TimeSpan.FromSeconds(5), new Random(11));

        for (var attempt = 0; attempt < 1000; attempt++)
        {
            Assert.InRange(backoff.Next(null).TotalMilliseconds, 0, Math.Min(5000, 100 * Math.Pow(2, attempt)));
        }
    }

    [Fact]
    public void Next_WhereTheServerAsksForMore_WaitsThatLongUpToTheMaximum()
    {
        var backoff = new Backoff(TimeSpan.FromMilliseconds(100), TimeSpan.FromSeconds(5), new Random(11));

        Assert.Equal(TimeSpan.FromSeconds(3), backoff.Next(TimeSpan.FromSeconds(3)));
        Assert.Equal(TimeSpan.FromSeconds(5), backoff.Next(TimeSpan.FromMinutes(3)));
    }

    [Fact]
    public void Reset_AfterMany_StartsSmallAgain()
    {
        var backoff = new Backoff(TimeSpan.FromMilliseconds(100), TimeSpan.FromHours(1), new Random(11));
        for (var attempt = 0; attempt < 20; attempt++)
        {
            backoff.Next(null);
        }

        backoff.Reset();

        Assert.InRange(backoff.Next(null).TotalMilliseconds, 0, 100);
    }
}
