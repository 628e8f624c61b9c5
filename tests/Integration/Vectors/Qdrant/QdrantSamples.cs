
using Quiver.Core.Vectors;

namespace Quiver.Tests.Integration.Vectors.Qdrant;

/// <summary>Points to store.</summary>
internal static class QdrantSamples
{
    public static CollectionKey Docs { get; } = new(TenantId.Parse("acme"), CollectionName.Parse("docs"));

    public static VectorPoint Point(int number, long generation = 1, long epoch = 1, float[]? vector = null) => new(
        PointId.Create(Docs, $"d{number}", 0),
        vector ?? [1, number, 0.5f, -1],
        new()
        {
            Scope = Docs,
            DocumentId = $"d{number}",
            Chunk = 0,
            Text = $"Text of {number}",
            StartChar = 0,
            EndChar = 10,
            StartLine = 1,
            EndLine = 1,
            Generation = generation,
            Epoch = epoch,
            IndexedAt = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero),
        });
}
