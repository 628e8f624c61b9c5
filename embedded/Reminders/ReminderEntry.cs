using Orleans.Runtime;

namespace Quiver.Embedded.Reminders;

/// <summary>A reminder as stored.</summary>
/// <param name="GrainId">The grain.</param>
/// <param name="Name">The reminder's name within the grain.</param>
/// <param name="FirstTick">When its first tick is due, UTC; the others follow on the grid of <paramref name="Period"/>.</param>
/// <param name="Period">Between ticks.</param>
/// <param name="ETag">Changes with every registration.</param>
public sealed record ReminderEntry(GrainId GrainId, string Name, DateTimeOffset FirstTick, TimeSpan Period, string ETag) : IGrainReminder
{
    /// <inheritdoc/>
    string IGrainReminder.ReminderName => Name;

    /// <summary>The first time on the grid after <paramref name="now"/>; a tick that is due now counts as past.</summary>
    /// <param name="now">The time.</param>
    public DateTimeOffset NextTick(DateTimeOffset now) =>
        FirstTick > now ? FirstTick : FirstTick + (Period * (((now - FirstTick).Ticks / Period.Ticks) + 1));
}
