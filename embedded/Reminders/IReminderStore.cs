using Orleans.Runtime;

namespace Quiver.Embedded.Reminders;

/// <summary>Keeps reminders across restarts; safe for concurrent use. What a method has done is durable when its task ends.</summary>
public interface IReminderStore
{
    /// <summary>All reminders.</summary>
    /// <param name="cancellationToken">Gives up.</param>
    Task<IReadOnlyList<ReminderEntry>> ReadAllAsync(CancellationToken cancellationToken);

    /// <summary>The reminders of one grain, by name.</summary>
    /// <param name="grainId">The grain.</param>
    /// <param name="cancellationToken">Gives up.</param>
    Task<IReadOnlyList<ReminderEntry>> ReadAsync(GrainId grainId, CancellationToken cancellationToken);

    /// <summary>Adds a reminder, or replaces the one of the same grain and name.</summary>
    /// <param name="entry">The reminder.</param>
    /// <param name="cancellationToken">Gives up.</param>
    Task UpsertAsync(ReminderEntry entry, CancellationToken cancellationToken);

    /// <summary>Removes a reminder that still has this etag.</summary>
    /// <param name="grainId">The grain.</param>
    /// <param name="name">The reminder's name.</param>
    /// <param name="etag">The etag.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>False when there is none with this etag.</returns>
    Task<bool> RemoveAsync(GrainId grainId, string name, string etag, CancellationToken cancellationToken);
}
