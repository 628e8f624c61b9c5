using Quiver.Adapters.Vectors.Qdrant;
using Quiver.Core.Vectors;
using Quiver.Tests.Conformance.Vectors;
using Quiver.Tests.Support.Qdrant;

namespace Quiver.Tests.Integration.Vectors.Qdrant;

/// <summary>What every vector store does, on the adapter and a stand-in.</summary>
public abstract class QdrantConformance : VectorStoreConformance
{
    private QdrantStandIn? _server;

    protected abstract string Version { get; }

    protected override bool CutsTiesById => false;

    protected override bool KeepsOnePointPerId => true;

    protected override bool CountsByAnyField => false;

    /// <summary>Whether other processes may write the same points.</summary>
    protected virtual bool HasRivals => true;

    protected override async Task<IVectorStore> OpenAsync() =>
        QdrantStores.Open((_server ??= await QdrantStandIn.StartAsync(Version, !FiltersByAnyField)).Address, hasRivals: HasRivals);

    protected override Task CloseAsync(IVectorStore store)
    {
        ((QdrantStore)store).Dispose();
        return Task.CompletedTask;
    }

    protected override async Task DropAsync() => await _server!.DisposeAsync();
}

/// <summary>The adapter on a stand-in of a current server.</summary>
public sealed class QdrantStoreTests : QdrantConformance
{
    protected override string Version => "1.19.0";
}

/// <summary>The adapter of the only process that writes to a current server.</summary>
public sealed class UnrivaledQdrantStoreTests : QdrantConformance
{
    protected override string Version => "1.19.0";

    protected override bool HasRivals => false;
}

/// <summary>The adapter on a stand-in of a server without fencing and metadata.</summary>
public sealed class OldQdrantStoreTests : QdrantConformance
{
    protected override string Version => "1.12.4";
}

/// <summary>The adapter on a stand-in that rejects filters on fields without an index.</summary>
public sealed class StrictQdrantStoreTests : QdrantConformance
{
    protected override string Version => "1.17.1";

    protected override bool FiltersByAnyField => false;
}

/// <summary>The same with a server without fencing, which the adapter reads before each write.</summary>
public sealed class StrictOldQdrantStoreTests : QdrantConformance
{
    protected override string Version => "1.13.0";

    protected override bool FiltersByAnyField => false;
}
