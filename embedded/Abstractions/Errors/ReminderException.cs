namespace Orleans.Runtime;

/// <summary>A reminder could not be changed because somebody else changed it.</summary>
/// <param name="message">A sentence.</param>
public sealed class ReminderException(string message) : OrleansException(message);
