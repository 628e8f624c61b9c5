using Quiver.Pipeline.Batches;

namespace Quiver.Tests.Unit.Pipeline.Batches;

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
    [InlineData(100, 100.0, 8)]
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
    public void Pace_FewChunks_SayNothing()
    {
        var pace = new ChunkPace(256);

        pace.Measured(7, TimeSpan.FromSeconds(70));

        Assert.Equal(64, pace.Limit);
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
