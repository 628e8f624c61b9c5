namespace Quiver.Tests.Conformance.Runtime.Cluster;

/// <summary>A silo without another that could take over what it stops.</summary>
public sealed class LastSiloFixture() : ClusterMemoryFixture(1, manualTime: false);
