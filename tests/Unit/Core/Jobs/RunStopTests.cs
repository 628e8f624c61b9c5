using Quiver.Core.Jobs;

namespace Quiver.Tests.Unit.Core.Jobs;

public sealed class RunStopTests
{
    [Fact]
    public void Drain_AbortsNothing()
    {
        using var stop = new RunStop();

        stop.Drain();

        Assert.Equal((true, false), (stop.IsDraining, stop.IsAborting));
    }

    [Fact]
    public void Abort_DrainsToo()
    {
        using var stop = new RunStop();

        stop.Abort();

        Assert.Equal((true, true), (stop.IsDraining, stop.IsAborting));
    }

    [Fact]
    public async Task AbortAsync_DrainsToo()
    {
        using var stop = new RunStop();

        await stop.AbortAsync();

        Assert.Equal((true, true), (stop.IsDraining, stop.IsAborting));
    }

    [Fact]
    public void Stop_OfAPart_FollowsTheRunAndLeavesItAlone()
    {
        using var run = new RunStop();
        using var part = new RunStop(run);
        using var other = new RunStop(run);

        part.Abort();
        Assert.False(run.IsDraining);

        run.Drain();
        Assert.Equal((true, false), (other.IsDraining, other.IsAborting));

        run.Abort();
        Assert.True(other.IsAborting);
    }

    [Fact]
    public void Stop_OfACancelledSilo_IsDraining()
    {
        using var silo = new CancellationTokenSource();
        silo.Cancel();

        using var stop = new RunStop(silo.Token);

        Assert.Equal((true, false), (stop.IsDraining, stop.IsAborting));
    }
}
