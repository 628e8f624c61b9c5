using FsCheck;
using FsCheck.Fluent;
using Orleans.Runtime;
using Quiver.Embedded.Reminders;

namespace Quiver.Tests.Unit.Embedded;

public sealed class ReminderEntryTests
{
    private static readonly DateTimeOffset First = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public void NextTick_AtAnyTime_IsTheFirstGridPointAfterIt() =>
        Prop.ForAll(
            Gen.Choose(1, 100_000).ToArbitrary(),
            Gen.Choose(-1_000_000, 1_000_000).ToArbitrary(),
            (period, offset) =>
            {
                var entry = new ReminderEntry(GrainId.Create("a", "b"), "r", First, TimeSpan.FromMilliseconds(period), "");
                var now = First + TimeSpan.FromMilliseconds(offset);

                var next = entry.NextTick(now);

                return next > now
                    && (next - First).Ticks % entry.Period.Ticks == 0
                    && next >= First
                    && (next == First || next - now <= entry.Period);
            }).QuickCheckThrowOnFailure();
}
