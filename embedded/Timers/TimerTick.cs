using Quiver.Embedded.Calls;

namespace Quiver.Embedded.Timers;

/// <summary>A timer's tick on its way through its activation's queue.</summary>
internal sealed class TimerTick(GrainTimer timer, CallMethod method) : GrainAction(method)
{
    protected override Task InvokeAsync(object grain) => timer.TickAsync();
}
