using Quiver.Core.Documents;

namespace Quiver.Tests.Unit.Core.Documents;

/// <summary>How many chunks a call takes.</summary>
public sealed class ChunkPaceTests
{
    [Fact]
    public void Pace_NothingMeasured_StartsSlowly()
    {
        Assert.Equal(64, new ChunkPace(256).Limit);
        Assert.Equal(16, new ChunkPace(16).Limit);
    }

    [Theory]
    [InlineData(4, 40.0, 1)]
    [InlineData(100, 100.0, 4)]
    [InlineData(100, 10.0, 40)]
    [InlineData(100, 1.0, 256)]
    [InlineData(100, 0.0, 256)]
    public void Pace_Measured_AimsAtTheTarget(int chunks, double seconds, int expected)
    {
        var pace = new ChunkPace(256);

        pace.Measured(chunks, TimeSpan.FromSeconds(seconds));

        Assert.Equal(expected, pace.Limit);
    }

    [Fact]
    public void Pace_NothingEmbedded_SaysNothing()
    {
        var pace = new ChunkPace(256);

        pace.Measured(0, TimeSpan.FromSeconds(70));

        Assert.Equal(64, pace.Limit);
    }

    [Theory]
    [InlineData(100, 30, 13)]
    [InlineData(100, 3, 256)]
    [InlineData(0, 30, 256)]
    public void Pace_CallGivenUp_CountsWhenItWasSlow(int chunks, int seconds, int expected)
    {
        var pace = new ChunkPace(256);
        pace.Measured(1000, TimeSpan.FromSeconds(1));

        pace.GivenUp(chunks, TimeSpan.FromSeconds(seconds));

        Assert.Equal(expected, pace.Limit);
    }

    [Fact]
    public void Pace_FourCallsAtOnceOfAModelThatMakesOneChunkASecond_FitAfterTwoAttempts()
    {
        const int CallsAtOnce = 4;
        var timeout = TimeSpan.FromSeconds(30);
        var pace = new ChunkPace(256);
        var attempts = 1;
        for (; pace.Limit * CallsAtOnce > timeout.TotalSeconds; attempts++)
        {
            pace.GivenUp(pace.Limit, timeout);
        }

        Assert.Equal((3, 1), (attempts, pace.Limit));
    }

    [Fact]
    public void Pace_FasterCallGivenUp_DoesNotRaiseIt()
    {
        var pace = new ChunkPace(256);
        pace.Measured(10, TimeSpan.FromSeconds(20));

        pace.GivenUp(100, TimeSpan.FromSeconds(5));

        Assert.Equal(2, pace.Limit);
    }

    [Fact]
    public void Pace_ModelBecomesFaster_Follows()
    {
        var pace = new ChunkPace(256);
        pace.Measured(100, TimeSpan.FromSeconds(100));

        for (var i = 0; i < 50; i++)
        {
            pace.Measured(100, TimeSpan.FromSeconds(1));
        }

        Assert.Equal(256, pace.Limit);
    }
}
