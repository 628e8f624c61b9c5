using Orleans.Runtime;
using Quiver.Silo.Hosting;

namespace Quiver.Tests.Unit.Silo.Hosting;

public sealed class ReminderCatchUpTests
{
    private static readonly DateTime Now = new(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc);

    /// <summary>
    /// A tick that was missed while no silo ran; not of a short period, which Orleans ticks soon; but any of a reminder that begins later than its
    /// period, because the clock was set back: Orleans would wait for an hour.
    /// </summary>
    [Theory]
    [InlineData(-60, 15, true)]
    [InlineData(-60, 1, false)]
    [InlineData(10, 15, false)]
    [InlineData(1, 1, false)]
    [InlineData(61, 1, true)]
    [InlineData(75, 15, true)]
    public void Reminder_GetsATickAtTheStart(int startsInMinutes, int periodMinutes, bool expected) => Assert.Equal(
        expected,
        ReminderCatchUp.NeedsTick(new ReminderEntry { StartAt = Now.AddMinutes(startsInMinutes), Period = TimeSpan.FromMinutes(periodMinutes) }, Now));
}
