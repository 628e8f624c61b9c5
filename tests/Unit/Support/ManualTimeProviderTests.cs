using Quiver.Tests.Support;

namespace Quiver.Tests.Unit.Support;

public sealed class ManualTimeProviderTests
{
    private readonly ManualTimeProvider _time = new();

    [Fact]
    public void Timers_OnTheWay_FireInOrderEachAtItsTime()
    {
        var fired = new List<string>();
        var start = _time.GetUtcNow();
        using var periodic = Create("p", 2, 3);
        using var single = Create("s", 3, -1);
        using var disposed = Create("d", 1, 1);
        disposed.Dispose();

        _time.Advance(TimeSpan.FromSeconds(8));

        Assert.Equal(["p2", "s3", "p5", "p8"], fired);
        Assert.Equal(TimeSpan.FromSeconds(8), _time.GetElapsedTime(start.UtcTicks));
        Assert.Equal(1, _time.PendingTimers);

        ITimer Create(string name, int due, int period) => _time.CreateTimer(
            _ => fired.Add($"{name}{(_time.GetUtcNow() - start).TotalSeconds}"),
            null,
            TimeSpan.FromSeconds(due),
            period < 0 ? Timeout.InfiniteTimeSpan : TimeSpan.FromSeconds(period));
    }

    [Fact]
    public async Task Delay_OnTheClock_EndsWhenItIsOver()
    {
        var delay = Task.Delay(TimeSpan.FromSeconds(5), _time, TestContext.Current.CancellationToken);
        _time.Advance(TimeSpan.FromSeconds(4));
        Assert.False(delay.IsCompleted);

        _time.Advance(TimeSpan.FromSeconds(1));

        await delay.WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken);
    }
}
