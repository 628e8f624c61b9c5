namespace Orleans.Runtime;

/// <summary>A timer of an activation.</summary>
public interface IGrainTimer : IDisposable
{
    /// <summary>Sets new times, counted from now or, when called in a tick, from its end.</summary>
    /// <param name="dueTime">Until the next tick; infinite for never.</param>
    /// <param name="period">From the end of one tick to the next; infinite for a single tick.</param>
    void Change(TimeSpan dueTime, TimeSpan period);
}
