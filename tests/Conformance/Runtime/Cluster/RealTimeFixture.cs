namespace Quiver.Tests.Conformance.Runtime.Cluster;

/// <summary>By the real clock: Orleans fetches what is on streams by timers of its own.</summary>
public sealed class RealTimeFixture() : ClusterMemoryFixture(2, manualTime: false);
