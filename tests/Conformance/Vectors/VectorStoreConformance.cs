
using Quiver.Core.Vectors;

namespace Quiver.Tests.Conformance.Vectors;

/// <summary>What every vector store does. An adapter's test class derives from it and opens and closes the implementation.</summary>
public abstract partial class VectorStoreConformance : IAsyncLifetime
{
    protected const int Dimensions = 20;

    protected static readonly DateTimeOffset Noon = new(2026, 1, 2, 12, 0, 0, TimeSpan.Zero);
    protected static readonly CollectionKey Docs = new(TenantId.Parse("acme"), CollectionName.Parse("docs"));
    protected static readonly CollectionKey OtherDocs = new(TenantId.Parse("other"), CollectionName.Parse("docs"));

    /// <summary>This test's physical collection.</summary>
    protected string Physical { get; } = $"quiver_test_{Guid.NewGuid():N}_{Dimensions}d";

    protected IVectorStore Store { get; private set; } = null!;

    /// <summary>Whether a limit that cuts equal scores keeps the points with the lowest ids.</summary>
    protected virtual bool CutsTiesById => true;

    /// <summary>Whether a search can be filtered by fields without an index; otherwise the store rejects the search.</summary>
    protected virtual bool FiltersByAnyField => true;

    /// <summary>Whether an id identifies one point across scopes.</summary>
    protected virtual bool KeepsOnePointPerId => false;

    protected static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        Store = await OpenAsync();
        await Store.EnsureCollectionAsync(Physical, Dimensions, Cancel);
    }

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        if (Store is null)
        {
            // Skipped before it was opened.
            return;
        }

        await CloseAsync(Store);
        await DropAsync();
    }

    /// <summary>Opens the test's store, with its content when opened again.</summary>
    protected abstract Task<IVectorStore> OpenAsync();

    protected abstract Task CloseAsync(IVectorStore store);

    protected abstract Task DropAsync();

    protected async Task ReopenAsync()
    {
        await CloseAsync(Store);
        Store = await OpenAsync();
    }

    /// <summary>A unit vector in the plane of the first two axes: its cosine to another is that of the angle between.</summary>
    protected static float[] Direction(double degrees)
    {
        var vector = new float[Dimensions];
        vector[0] = (float)Math.Cos(double.DegreesToRadians(degrees));
        vector[1] = (float)Math.Sin(double.DegreesToRadians(degrees));
        return vector;
    }

    protected static VectorPoint Point(
        int number,
        double degrees = 0,
        CollectionKey? scope = null,
        long generation = 1,
        long epoch = 1,
        string? document = null,
        params (string Key, string Value)[] metadata) =>
        new(
            PointId.Create(scope ?? Docs, "d", number),
            Direction(degrees),
            new()
            {
                Scope = scope ?? Docs,
                DocumentId = document ?? $"doc{number}",
                Chunk = number,
                Text = $"Text {number} é 🙂",
                Title = number % 3 == 0 ? null : $"Title {number % 3} \"é\"",
                Headings = number % 2 == 0 ? [] : ["First é", $"Second {number}"],
                StartChar = number,
                EndChar = number + 10,
                StartLine = number + 1,
                EndLine = number + 2,
                Generation = generation,
                Epoch = epoch,
                IndexedAt = Noon.AddSeconds(number),
                Metadata = metadata.ToImmutableDictionary(pair => pair.Key, pair => pair.Value),
            });

    protected Task<UpsertOutcome> UpsertAsync(params VectorPoint[] points) =>
        Store.UpsertAsync(new(Physical, points[0].Payload.Scope), points, Cancel);

    protected Task<IReadOnlyList<StoredPoint>> QueryAsync(PointQuery query, CollectionKey? scope = null) =>
        Store.QueryAsync(new(Physical, scope ?? Docs), query, Cancel);

    protected Task<long> CountAsync(CollectionKey? scope = null) => Store.CountAsync(new(Physical, scope ?? Docs), Cancel);

    protected async Task<List<StoredPoint>> ScrollAllAsync(int limit = 100, CollectionKey? scope = null)
    {
        var all = new List<StoredPoint>();
        while (await Store.ScrollAsync(new(Physical, scope ?? Docs), all.LastOrDefault()?.Id, limit, withVectors: true, Cancel) is { Count: > 0 } page)
        {
            Assert.InRange(page.Count, 1, limit);
            all.AddRange(page);
        }

        return all;
    }

    protected static void AssertEqual(VectorPoint expected, StoredPoint actual)
    {
        Assert.Equal(expected.Id, actual.Id);
        Assert.Equal(expected.Payload with { Metadata = actual.Payload.Metadata, Headings = actual.Payload.Headings }, actual.Payload);
        Assert.Equal(expected.Payload.Headings, actual.Payload.Headings);
        Assert.Equal(expected.Payload.Metadata.OrderBy(pair => pair.Key), actual.Payload.Metadata.OrderBy(pair => pair.Key));
        Assert.Equal(expected.Vector.Length, actual.Vector.Length);
        for (var i = 0; i < expected.Vector.Length; i++)
        {
            Assert.Equal(expected.Vector.Span[i], actual.Vector.Span[i], 1e-6f);
        }
    }
}
