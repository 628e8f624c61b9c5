namespace Quiver.Tests.Chaos;

/// <summary>Tests that take the whole machine run alone, one after another, on one set of documents.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class ChaosCollection : ICollectionFixture<UndisturbedRuns>
{
    public const string Name = "Chaos";
}
