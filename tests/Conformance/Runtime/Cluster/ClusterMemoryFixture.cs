using Orleans;
using Orleans.Storage;
using MemoryGrainStorage = Quiver.Embedded.State.MemoryGrainStorage;

namespace Quiver.Tests.Conformance.Runtime.Cluster;

/// <summary>State in memory.</summary>
public class ClusterMemoryFixture(int silos = 2, bool manualTime = true) : ClusterFixture(silos, manualTime)
{
    public ClusterMemoryFixture()
        : this(2)
    {
    }

    private readonly SharedReminderTable _reminders = new();
    private MemoryGrainStorage? _storage;

    protected override IGrainStorage OpenStorage(IGrainStorageSerializer serializer) => _storage ??= new(serializer);

    protected override IReminderTable OpenReminders() => _reminders;
}
