namespace Quiver.Tests.Conformance.Runtime.Embedded;

/// <summary>The conformance suite on the embedded runtime.</summary>
public static class EmbeddedRuntimeTests
{
    public sealed class Turns : TurnsConformance<EmbeddedMemoryFixture>;

    public sealed class Cancellation : CancellationConformance<EmbeddedMemoryFixture>;

    public sealed class Errors : ErrorsConformance<EmbeddedMemoryFixture>;

    public sealed class Persistence : PersistenceConformance<EmbeddedMemoryFixture>;

    public sealed class PersistenceOnSqlite : PersistenceConformance<EmbeddedSqliteFixture>;

    public sealed class Life : LifeConformance<EmbeddedMemoryFixture>;

    public sealed class Idle : IdleConformance<EmbeddedMemoryFixture>;

    public sealed class Timers : TimersConformance<EmbeddedMemoryFixture>;

    public sealed class Workers : WorkersConformance<EmbeddedMemoryFixture>;

    public sealed class Shutdown : ShutdownConformance<EmbeddedMemoryFixture>;

    public sealed class Reminders : RemindersConformance<EmbeddedMemoryFixture>;

    public sealed class RemindersOnSqlite : RemindersConformance<EmbeddedSqliteFixture>;

    public sealed class Streams : StreamsConformance<EmbeddedMemoryFixture>;
}
