using Orleans.Runtime;
using Quiver.Tests.Conformance.Runtime.Grains;

namespace Quiver.Tests.Conformance.Runtime;

/// <summary>Durable reminders.</summary>
public abstract class RemindersConformance<TFixture> : RuntimeConformance<TFixture>
    where TFixture : RuntimeFixture, new()
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    private IReminderGrain Grain => Client.GetGrain<IReminderGrain>("a");

    [Fact]
    public async Task Reminder_OfInactiveGrain_ActivatesIt()
    {
        Journal.Open("r");
        await Soon(Grain.RegisterAsync("r", Minute, Minute));
        await Soon(Grain.DeactivateAsync());

        await Host.AdvanceAsync(Minute);

        await Journal.WaitForAsync("r 0");
        await Journal.WaitForAsync("activated", 2);
    }

    [Fact]
    public async Task Reminder_AfterARestart_GoesOnOnItsGrid()
    {
        Journal.Open("r");
        await Soon(Grain.RegisterAsync("r", Minute, 2 * Minute));
        await Host.StopAsync();
        await Host.AdvanceAsync(2 * Minute);

        await Host.StartAsync();

        await Host.AdvanceAsync(Minute);
        await Journal.WaitForAsync("r 1");
        Assert.Equal(0, Journal.Count("r 0"));
    }

    [Fact]
    public async Task Reminder_WithSlowHandler_DropsTicksAndStaysOnItsGrid()
    {
        var period = TimeSpan.FromSeconds(5);
        await Soon(Grain.RegisterAsync("r", period, period));
        await Host.AdvanceAsync(period);
        await Journal.WaitForAsync("r 0");
        await Host.AdvanceAsync(2.4 * period);
        Assert.Equal(["activated", "r 0"], Journal.Entries);

        Journal.Open("r");
        await AdvanceUntilAsync(entries => entries.Count == 3, TimeSpan.FromSeconds(1));

        Assert.DoesNotContain("r 1", Journal.Entries);
        Assert.DoesNotContain("r 2", Journal.Entries);
    }

    [Fact]
    public async Task Reminder_Throwing_TicksAgain()
    {
        Journal.Open("failing");
        await Soon(Grain.RegisterAsync("failing", Minute, Minute));

        await AdvanceUntilAsync(entries => entries.Count(entry => entry.StartsWith("failing", StringComparison.Ordinal)) >= 2, Minute);

        Assert.Equal("failing 0", Journal.Entries[1]);
    }

    [Fact]
    public async Task Reminder_Tick_WaitsForItsTurn()
    {
        Journal.Open("r");
        await Soon(Grain.RegisterAsync("r", TimeSpan.FromSeconds(10), Minute));
        var running = Grain.RunAsync("1");
        await Journal.WaitForAsync("1<");
        await Host.AdvanceAsync(TimeSpan.FromSeconds(10));
        Assert.Equal(0, Journal.Count("r 0"));

        Journal.Open("1");

        await Soon(running);
        await Journal.WaitForAsync("r 0");
    }

    [Fact]
    public async Task Reminders_RegisteredAndRemoved_AreListed()
    {
        await Soon(Grain.RegisterAsync("b", Minute, Minute));
        await Soon(Grain.RegisterAsync("a", Minute, Minute));
        await Soon(Grain.RegisterAsync("a", Minute, 2 * Minute));
        Assert.Equal("a,b", await Soon(Grain.ListAsync()));

        await Soon(Grain.UnregisterAsync("a"));

        Assert.Equal("b", await Soon(Grain.ListAsync()));
        Journal.Open("b");
        await Host.AdvanceAsync(Minute);
        await Journal.WaitForAsync("b 0");
        Assert.Equal(0, Journal.Count("a 0"));
    }

    [Fact]
    public async Task Reminder_RemovedByAStaleHandle_IsRefused() =>
        await Assert.ThrowsAsync<ReminderException>(() => Soon(Grain.UnregisterStaleAsync("r", Minute)));

    [Fact]
    public async Task Reminder_BelowTheMinimum_IsRefused() =>
        await Assert.ThrowsAsync<ArgumentException>(() => Soon(Grain.RegisterAsync("r", Minute, TimeSpan.FromSeconds(4))));

    [Fact]
    public async Task Reminder_DueAtOnce_Ticks()
    {
        Journal.Open("r");
        await Soon(Grain.RegisterAsync("r", TimeSpan.Zero, Minute));

        await AdvanceUntilAsync(entries => entries.Any(static entry => entry.StartsWith("r ", StringComparison.Ordinal)), TimeSpan.FromSeconds(1));

        // Whether at once or a period later is the runtime's own affair.
        Assert.Equal("activated", Journal.Entries[0]);
    }
}
