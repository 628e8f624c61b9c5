namespace Quiver.Tests.Conformance.Client;

/// <summary>The client of a cluster keeps the contract.</summary>
public sealed class ClusterQuiverClientConformance(ClusterClientFixture fixture) : QuiverClientConformance(fixture), IClassFixture<ClusterClientFixture>;

/// <summary>The client over HTTP keeps the contract before a cluster, too.</summary>
public sealed class ClusterHttpQuiverClientConformance(ClusterHttpClientFixture fixture) : QuiverClientConformance(fixture), IClassFixture<ClusterHttpClientFixture>;
