namespace Quiver.Tests.Conformance.Client;

/// <summary>The client of a cluster keeps the contract.</summary>
public sealed class ClusterQuiverClientConformance(ClusterClientFixture fixture) : QuiverClientConformance(fixture), IClassFixture<ClusterClientFixture>;
