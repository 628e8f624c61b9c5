using Orleans.Storage;
using Quiver.Embedded.Reminders;
using Quiver.Embedded.State;

namespace Quiver.Tests.Conformance.Runtime.Embedded;

/// <summary>State in memory.</summary>
public sealed class EmbeddedMemoryFixture : EmbeddedFixture
{
    private readonly MemoryReminderStore _reminders = new();
    private MemoryGrainStorage? _storage;

    protected override IGrainStorage OpenStorage(IGrainStorageSerializer serializer) => _storage ??= new(serializer);

    protected override IReminderStore OpenReminders() => _reminders;
}
