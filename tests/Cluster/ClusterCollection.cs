namespace Quiver.Tests.Cluster;

/// <summary>Tests with silos as processes run alone, one after another.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class ClusterCollection : ICollectionFixture<UndisturbedCluster>
{
    public const string Name = "Cluster processes";
}
