namespace Orleans;

/// <summary>A grain that receives reminders.</summary>
public interface IRemindable : IGrain
{
    /// <summary>Called when a reminder is due; an ordinary request of the activation.</summary>
    /// <param name="reminderName">The name it was registered under.</param>
    /// <param name="status">Times of the first tick, this tick and the period.</param>
    Task ReceiveReminder(string reminderName, Orleans.Runtime.TickStatus status);
}
