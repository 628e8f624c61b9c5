namespace Quiver.Tests.Integration.Vectors.Qdrant;

/// <summary>The adapter on a stand-in of a present server.</summary>
public sealed class QdrantStoreTests : QdrantConformance
{
    protected override string Version => "1.17.1";
}
