namespace Quiver.Tests.Cluster;

/// <summary>Tests with silos as processes, one at a time.</summary>
[CollectionDefinition(Name)]
public sealed class ClusterCollection : ICollectionFixture<UndisturbedCluster>
{
    public const string Name = "Cluster processes";
}
