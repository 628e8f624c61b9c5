using Orleans;
using Orleans.Runtime;

namespace Quiver.Tests.Conformance.Runtime.Cluster;

/// <summary>Reminders in memory, for all silos of a test.</summary>
internal sealed class SharedReminderTable : IReminderTable
{
    private readonly Lock _gate = new();
    private readonly Dictionary<(GrainId, string), ReminderEntry> _entries = [];
    private long _version;

    public Task<ReminderTableData> ReadRows(GrainId grainId) => Task.FromResult(Where(entry => entry.GrainId == grainId));

    public Task<ReminderTableData> ReadRows(uint begin, uint end) => Task.FromResult(Where(entry =>
    {
        var hash = entry.GrainId.GetUniformHashCode();
        return begin < end ? hash > begin && hash <= end : hash > begin || hash <= end;
    }));

    public Task<ReminderEntry?> ReadRow(GrainId grainId, string reminderName)
    {
        lock (_gate)
            return Task.FromResult(_entries.GetValueOrDefault((grainId, reminderName)));
    }

    public Task<string?> UpsertRow(ReminderEntry entry)
    {
        lock (_gate)
        {
            entry.ETag = $"{++_version}";
            _entries[(entry.GrainId, entry.ReminderName)] = entry;
            return Task.FromResult<string?>(entry.ETag);
        }
    }

    public Task<bool> RemoveRow(GrainId grainId, string reminderName, string eTag)
    {
        lock (_gate)
        {
            var known = _entries.TryGetValue((grainId, reminderName), out var entry) && entry.ETag == eTag;
            return Task.FromResult(known && _entries.Remove((grainId, reminderName)));
        }
    }

    public Task TestOnlyClearTable()
    {
        lock (_gate)
            _entries.Clear();
        return Task.CompletedTask;
    }

    private ReminderTableData Where(Func<ReminderEntry, bool> wanted)
    {
        lock (_gate)
            return new ReminderTableData([.. _entries.Values.Where(wanted)]);
    }
}
