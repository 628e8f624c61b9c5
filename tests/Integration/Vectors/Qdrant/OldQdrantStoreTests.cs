namespace Quiver.Tests.Integration.Vectors.Qdrant;

/// <summary>The adapter on a stand-in of a server that can neither fence writes nor keep metadata.</summary>
public sealed class OldQdrantStoreTests : QdrantConformance
{
    protected override string Version => "1.12.4";
}
