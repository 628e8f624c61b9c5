using Quiver.Tests.Conformance.Runtime.Grains;

namespace Quiver.Tests.Conformance.Runtime;

/// <summary>Grain timers.</summary>
public abstract class TimersConformance<TFixture> : RuntimeConformance<TFixture>
    where TFixture : RuntimeFixture, new()
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    private ILifeGrain Grain => Client.GetGrain<ILifeGrain>("a");

    [Fact]
    public async Task Timer_Ticks_NeverOverlapAndCountFromTheEnd()
    {
        await Soon(Grain.StartTimerAsync("t", Second, Second));
        await Host.AdvanceAsync(Second);
        await Journal.WaitForAsync("t<");
        await Host.AdvanceAsync(5 * Second);
        Assert.Equal(1, Journal.Count("t<"));
        Journal.Open("t");
        await Journal.WaitForAsync("t>");
        await Soon(Grain.TouchAsync());

        await Host.AdvanceAsync(Second);

        await Journal.WaitForAsync("t<", 2);
    }

    [Fact]
    public async Task Timer_Tick_TakesItsTurn()
    {
        await Soon(Grain.StartTimerAsync("t", Second, Timeout.InfiniteTimeSpan));
        var running = Grain.RunAsync("1");
        await Journal.WaitForAsync("1<");
        await Host.AdvanceAsync(Second);
        Assert.Equal(0, Journal.Count("t<"));
        Journal.Open("1");
        await Soon(running);
        await Journal.WaitForAsync("t<");
        var waiting = Grain.TouchAsync();
        Assert.False(waiting.IsCompleted);

        Journal.Open("t");

        await Soon(waiting);
        Assert.Equal(["a+1", "1<", "1>", "t<", "t>"], Journal.Entries);
    }

    [Fact]
    public async Task Timer_Interleaving_TicksDuringRequests()
    {
        await Soon(Grain.StartTimerAsync("t", Second, Timeout.InfiniteTimeSpan, interleave: true));
        var running = Grain.RunAsync("1");
        await Journal.WaitForAsync("1<");

        await Host.AdvanceAsync(Second);

        await Journal.WaitForAsync("t<");
        Journal.Open("t");
        Journal.Open("1");
        await Soon(running);
    }

    [Fact]
    public async Task Timer_Throwing_TicksAgain()
    {
        await Soon(Grain.StartFailingTimerAsync("t", Second));
        await Host.AdvanceAsync(Second);
        await Journal.WaitForAsync("t");
        await Soon(Grain.TouchAsync());

        await Host.AdvanceAsync(Second);

        await Journal.WaitForAsync("t", 2);
    }

    [Fact]
    public async Task Timer_DisposedDuringItsTick_CancelsItsTokenAndEnds()
    {
        await Soon(Grain.StartTimerAsync("t", Second, Second));
        await Host.AdvanceAsync(Second);
        await Journal.WaitForAsync("t<");

        await Soon(Grain.StopTimerAsync());
        Journal.Open("t");

        await Journal.WaitForAsync("t> cancelled");
        await Soon(Grain.TouchAsync());
        await Host.AdvanceAsync(5 * Second);
        await Soon(Grain.TouchAsync());
        Assert.Equal(1, Journal.Count("t<"));
    }

    [Fact]
    public async Task Timer_Changed_TicksAtTheNewTime()
    {
        Journal.Open("t");
        await Soon(Grain.StartTimerAsync("t", Second, Second));
        await Soon(Grain.ChangeTimerAsync(10 * Second, Timeout.InfiniteTimeSpan));
        await Host.AdvanceAsync(9 * Second);
        await Soon(Grain.TouchAsync());
        Assert.Equal(0, Journal.Count("t<"));

        await Host.AdvanceAsync(2 * Second);

        await Journal.WaitForAsync("t>");
    }

    [Fact]
    public async Task Timer_WithNegativeTime_IsRefused() =>
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => Soon(Grain.StartTimerAsync("t", -5 * Second, Second)));

    [Fact]
    public async Task Timer_OfAnEndedActivation_TicksNoMore()
    {
        Journal.Open("t");
        Journal.Open("1");
        await Soon(Grain.StartTimerAsync("t", Second, Second));
        await Soon(Grain.DeactivateAsync("1"));
        Assert.Equal(2, await Soon(Grain.TouchAsync()));

        await Host.AdvanceAsync(3 * Second);
        await Soon(Grain.TouchAsync());

        Assert.Equal(0, Journal.Count("t<"));
    }
}
