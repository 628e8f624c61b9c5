using Orleans.Runtime;
using Quiver.Embedded.Hosting;

namespace Quiver.Embedded.Reminders;

/// <summary>The reminders of the silo: stored, and scheduled while the silo runs.</summary>
internal sealed class ReminderRegistry(EmbeddedSilo silo, IReminderStore store) : IDisposable
{
    private readonly Lock _gate = new();
    private readonly Dictionary<(GrainId, string), ScheduledReminder> _scheduled = [];
    private bool _running;

    public void Dispose() => Stop();

    /// <summary>What is stored.</summary>
    internal Task<IReadOnlyList<ReminderEntry>> ReadAllAsync(CancellationToken cancellationToken) => store.ReadAllAsync(cancellationToken);

    /// <summary>Begins to tick.</summary>
    /// <param name="entries">What is stored, read before any grain could change it.</param>
    internal void Start(IReadOnlyList<ReminderEntry> entries)
    {
        lock (_gate) _running = true;
        foreach (var entry in entries) Schedule(entry, replace: false);
    }

    /// <summary>Ticks no more.</summary>
    internal void Stop()
    {
        lock (_gate)
        {
            _running = false;
            foreach (var reminder in _scheduled.Values) reminder.Dispose();
            _scheduled.Clear();
        }
    }

    internal async Task<IGrainReminder> RegisterOrUpdateAsync(GrainId grainId, string name, TimeSpan dueTime, TimeSpan period)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(dueTime, TimeSpan.Zero);
        if (period < silo.Options.MinimumReminderPeriod)
            throw new ArgumentException($"The period {period} of the reminder '{name}' is below the minimum of {silo.Options.MinimumReminderPeriod}.", nameof(period));
        var entry = new ReminderEntry(grainId, name, silo.TimeProvider.GetUtcNow() + dueTime, period, Guid.NewGuid().ToString("N"));
        await store.UpsertAsync(entry, CancellationToken.None);
        Schedule(entry, replace: true);
        return entry;
    }

    internal async Task UnregisterAsync(GrainId grainId, IGrainReminder reminder)
    {
        if (reminder is not ReminderEntry entry || entry.GrainId != grainId)
            throw new ReminderException($"The reminder '{reminder.ReminderName}' is not one of {grainId}.");
        if (!await store.RemoveAsync(grainId, entry.Name, entry.ETag, CancellationToken.None))
            throw new ReminderException($"The reminder '{entry.Name}' of {grainId} was changed or removed since it was got (tag mismatch).");
        lock (_gate)
        {
            if (_scheduled.Remove((grainId, entry.Name), out var scheduled)) scheduled.Dispose();
        }
    }

    internal async Task<IGrainReminder?> GetAsync(GrainId grainId, string name) =>
        (await store.ReadAsync(grainId, CancellationToken.None)).FirstOrDefault(entry => entry.Name == name);

    internal async Task<List<IGrainReminder>> GetAllAsync(GrainId grainId) => [.. await store.ReadAsync(grainId, CancellationToken.None)];

    private void Schedule(ReminderEntry entry, bool replace)
    {
        lock (_gate)
        {
            var key = (entry.GrainId, entry.Name);
            if (!_running || (!replace && _scheduled.ContainsKey(key))) return;
            if (_scheduled.Remove(key, out var old)) old.Dispose();
            _scheduled.Add(key, new ScheduledReminder(silo, entry));
        }
    }
}
