using System.Collections.Concurrent;
using Orleans.Runtime;

namespace Quiver.Embedded.Reminders;

/// <summary>Reminders that live as long as the process.</summary>
public sealed class MemoryReminderStore : IReminderStore
{
    private readonly ConcurrentDictionary<(GrainId, string), ReminderEntry> _entries = new();

    /// <inheritdoc/>
    public Task<IReadOnlyList<ReminderEntry>> ReadAllAsync(CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<ReminderEntry>>([.. _entries.Values]);

    /// <inheritdoc/>
    public Task<IReadOnlyList<ReminderEntry>> ReadAsync(GrainId grainId, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<ReminderEntry>>(
            [.. _entries.Values.Where(entry => entry.GrainId == grainId).OrderBy(entry => entry.Name, StringComparer.Ordinal)]);

    /// <inheritdoc/>
    public Task UpsertAsync(ReminderEntry entry, CancellationToken cancellationToken)
    {
        _entries[(entry.GrainId, entry.Name)] = entry;
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task<bool> RemoveAsync(GrainId grainId, string name, string etag, CancellationToken cancellationToken) =>
        Task.FromResult(
            _entries.TryGetValue((grainId, name), out var entry) && entry.ETag == etag && _entries.TryRemove(new((grainId, name), entry)));
}
