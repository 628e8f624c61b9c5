namespace Quiver.Tests.Chaos;

/// <summary>Tests that kill processes share one set of documents.</summary>
[CollectionDefinition(Name)]
public sealed class ChaosCollection : ICollectionFixture<UndisturbedRuns>
{
    public const string Name = "Chaos";
}
