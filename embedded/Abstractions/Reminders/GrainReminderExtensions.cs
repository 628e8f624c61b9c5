using Microsoft.Extensions.DependencyInjection;
using Orleans.Runtime;
using Quiver.Embedded.Reminders;

namespace Orleans;

/// <summary>Durable reminders of grains: they tick on the grid first + n·period, and wake the grain when it is not active.</summary>
public static class GrainReminderExtensions
{
    /// <summary>Registers a reminder, or changes its times.</summary>
    /// <param name="grain">The grain; implements <see cref="IRemindable"/>.</param>
    /// <param name="reminderName">Its name within the grain.</param>
    /// <param name="dueTime">Until the first tick; 0 counts as one period.</param>
    /// <param name="period">Between ticks; at least the host's minimum.</param>
    /// <exception cref="ArgumentException">The period is below the minimum.</exception>
    /// <exception cref="InvalidOperationException">The grain is not <see cref="IRemindable"/>.</exception>
    public static Task<IGrainReminder> RegisterOrUpdateReminder(this IGrainBase grain, string reminderName, TimeSpan dueTime, TimeSpan period)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(reminderName);
        return grain is IRemindable
            ? Registry(grain).RegisterOrUpdateAsync(grain.GrainContext.GrainId, reminderName, dueTime, period)
            : throw new InvalidOperationException($"Grain {grain.GrainContext.GrainId} must implement {nameof(IRemindable)} to have reminders.");
    }

    /// <summary>The reminder of this name, or null.</summary>
    /// <param name="grain">The grain.</param>
    /// <param name="reminderName">Its name within the grain.</param>
    public static Task<IGrainReminder?> GetReminder(this IGrainBase grain, string reminderName)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(reminderName);
        return Registry(grain).GetAsync(grain.GrainContext.GrainId, reminderName);
    }

    /// <summary>All reminders of the grain.</summary>
    /// <param name="grain">The grain.</param>
    public static Task<List<IGrainReminder>> GetReminders(this IGrainBase grain) => Registry(grain).GetAllAsync(grain.GrainContext.GrainId);

    /// <summary>Removes a reminder.</summary>
    /// <param name="grain">The grain.</param>
    /// <param name="reminder">As registered or got.</param>
    /// <exception cref="ReminderException">It was changed since then.</exception>
    public static Task UnregisterReminder(this IGrainBase grain, IGrainReminder reminder) =>
        Registry(grain).UnregisterAsync(grain.GrainContext.GrainId, reminder);

    private static ReminderRegistry Registry(IGrainBase grain) => grain.GrainContext.ActivationServices.GetRequiredService<ReminderRegistry>();
}
