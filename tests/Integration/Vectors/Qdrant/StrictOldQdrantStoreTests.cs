namespace Quiver.Tests.Integration.Vectors.Qdrant;

/// <summary>The same with a server that cannot fence writes, and so is asked before each.</summary>
public sealed class StrictOldQdrantStoreTests : QdrantConformance
{
    protected override string Version => "1.13.0";

    protected override bool FiltersByAnyField => false;
}
