namespace Quiver.Tests.Integration.Vectors.Qdrant;

/// <summary>The adapter on a stand-in that refuses filters on fields without an index.</summary>
public sealed class StrictQdrantStoreTests : QdrantConformance
{
    protected override string Version => "1.17.1";

    protected override bool FiltersByAnyField => false;
}
