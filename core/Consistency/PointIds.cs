using Quiver.Core.Ledger;
using Quiver.Core.Vectors;

namespace Quiver.Core.Consistency;

/// <summary>The ids of a document's points, as far as the ledger knows, in pages for requests to the vector store.</summary>
internal static class PointIds
{
    public const int PerPage = 1000;

    public static IEnumerable<Guid[]> Pages(CollectionKey scope, DocumentRecord document) =>
        Enumerable.Range(0, document.ChunkCount).Select(chunk => PointId.Create(scope, document.Id, chunk)).Chunk(PerPage);
}
