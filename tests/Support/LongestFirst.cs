using Quiver.Tests.Chaos;
using Quiver.Tests.Cluster;
using Quiver.Tests.Support;
using Xunit.Sdk;
using Xunit.v3;

[assembly: TestCollectionOrderer(typeof(LongestFirst))]

namespace Quiver.Tests.Support;

/// <summary>Starts the two longest collections first: one that starts late would run alone at the end.</summary>
public sealed class LongestFirst : ITestCollectionOrderer
{
    private static readonly string[] Longest = [ChaosCollection.Name, ClusterCollection.Name];

    public IReadOnlyCollection<TTestCollection> OrderTestCollections<TTestCollection>(IReadOnlyCollection<TTestCollection> testCollections)
        where TTestCollection : ITestCollection =>
        [.. testCollections.OrderBy(static collection => Longest.Contains(collection.TestCollectionDisplayName) ? 0 : 1)];
}
