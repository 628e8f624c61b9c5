namespace Quiver.Tests.Conformance.Runtime.Cluster;

/// <summary>The conformance suite on Orleans.</summary>
public static class ClusterRuntimeTests
{
    public sealed class Turns : TurnsConformance<ClusterMemoryFixture>;

    public sealed class Cancellation : CancellationConformance<ClusterMemoryFixture>;

    public sealed class Errors : ErrorsConformance<ClusterMemoryFixture>;

    public sealed class Persistence : PersistenceConformance<ClusterMemoryFixture>;

    public sealed class Life : LifeConformance<ClusterMemoryFixture>;

    public sealed class Timers : TimersConformance<ClusterMemoryFixture>;

    public sealed class Workers : WorkersConformance<ClusterMemoryFixture>;

    public sealed class Shutdown : ShutdownConformance<LastSiloFixture>;

    public sealed class Reminders : RemindersConformance<ClusterMemoryFixture>;

    public sealed class Streams : StreamsConformance<RealTimeFixture>;
}
