using Orleans;
using Orleans.Runtime;
using Quiver.Embedded.Calls;

namespace Quiver.Embedded.Reminders;

/// <summary>A reminder's tick: an ordinary request to its grain.</summary>
internal sealed class ReminderTick(string name, TickStatus status) : GrainAction(Descriptor)
{
    private static readonly CallMethod Descriptor = new("IRemindable.ReceiveReminder");

    protected override Task InvokeAsync(object grain) => ((IRemindable)grain).ReceiveReminder(name, status);
}
