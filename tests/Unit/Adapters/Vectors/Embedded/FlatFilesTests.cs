using Microsoft.Extensions.Options;
using Quiver.Adapters.Vectors.Embedded;
using Quiver.Core.Vectors;
using Quiver.Tests.Unit.Adapters.Storage.Sqlite;

namespace Quiver.Tests.Unit.Adapters.Vectors.Embedded;

/// <summary>The files of the embedded index are measured and shrunk without touching a point.</summary>
public sealed class FlatFilesTests : IDisposable
{
    private const string Physical = "compact";
    private const int Dimensions = 32;
    private const int Keys = 6000;

    private static readonly CollectionKey Scope = new(TenantId.Parse("acme"), CollectionName.Parse("docs"));

    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private string Folder => _folder.File(Physical);

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(0.05)]
    [InlineData(0.5)]
    [InlineData(1)]
    public async Task Compact_AfterDeletions_ShrinksTheFilesAndKeepsEveryPoint(double kept)
    {
        var random = new Random(42);
        var keys = Enumerable.Range(0, Keys).Where(_ => random.NextDouble() < kept).ToHashSet();
        await using (var store = Open())
        {
            await WriteAsync(store, 0, Keys);
            foreach (var chunk in Enumerable.Range(0, Keys).Where(key => !keys.Contains(key)).Chunk(200))
            {
                await store.DeleteAsync(new(Physical, Scope), [.. chunk.Select(IdOf)], Cancel);
            }
        }

        var before = FlatFiles.Measure(Folder);
        FlatFiles.Compact(Folder);
        var after = FlatFiles.Measure(Folder);

        await using var again = Open();
        await AssertHoldsAsync(again, keys);
        await WriteAsync(again, Keys, 100);
        await AssertHoldsAsync(again, [.. keys, .. Enumerable.Range(Keys, 100)]);
        Assert.Equal(0, after.FreeBytes);
        Assert.InRange(after.Bytes, keys.Count * Dimensions * sizeof(float), (long)(before.Bytes * Math.Min(1, kept + 0.1)));
    }

    [Fact]
    public async Task Compact_OfAnEmptiedCollection_LeavesNothingBehind()
    {
        await using (var store = Open())
        {
            await WriteAsync(store, 0, 1000);
            while (await store.DeleteSomeAsync(new(Physical, Scope), 300, Cancel) > 0)
            {
                // Deletes some at a time.
            }
        }

        FlatFiles.Compact(Folder);

        Assert.Equal(0, new FileInfo(Path.Combine(Folder, "vectors.bin")).Length);
        await using var again = Open();
        await WriteAsync(again, 0, 10);
        await AssertHoldsAsync(again, [.. Enumerable.Range(0, 10)]);
    }

    [Fact]
    public async Task Compact_WhileAnotherProcessReads_MovesNoVector()
    {
        await using (var store = Open())
        {
            await WriteAsync(store, 0, 1000);
            await store.DeleteAsync(new(Physical, Scope), [.. Enumerable.Range(0, 250).Select(IdOf)], Cancel);
        }

        var bytes = await File.ReadAllBytesAsync(Path.Combine(Folder, "vectors.bin"), Cancel);
        using (new ReaderLock(Folder).Share())
        {
            FlatFiles.Compact(Folder);
        }

        Assert.Equal(bytes, await File.ReadAllBytesAsync(Path.Combine(Folder, "vectors.bin"), Cancel));
        await using var again = Open();
        await AssertHoldsAsync(again, [.. Enumerable.Range(250, 750)]);
    }

    private static async Task AssertHoldsAsync(FlatIndexStore store, HashSet<int> keys)
    {
        HashSet<int> found = [];
        Guid? after = null;
        while (true)
        {
            var page = await store.ScrollAsync(new(Physical, Scope), after, 1000, withVectors: true, Cancel);
            if (page.Count == 0)
            {
                break;
            }

            Assert.All(page, static point => Assert.Equal(CreateVector(point.Payload.Chunk), point.Vector.ToArray()));
            found.UnionWith(page.Select(static point => point.Payload.Chunk));
            after = page[^1].Id;
        }

        Assert.Equal(keys.Order(), found.Order());
        var one = keys.First();
        Assert.Equal(one, (await store.QueryAsync(new(Physical, Scope), new(CreateVector(one), 1), Cancel))[0].Payload.Chunk);
        Assert.Equal([one], (await store.QueryLexicalAsync(new(Physical, Scope), new($"k{one}", 1000), Cancel)).Points.Select(static hit => hit.Payload.Chunk));
        Assert.Equal(Math.Min(keys.Count, 1000), (await store.QueryLexicalAsync(new(Physical, Scope), new("text", 1000), Cancel)).Points.Count);
    }

    private static async Task WriteAsync(FlatIndexStore store, int first, int count)
    {
        await store.EnsureCollectionAsync(Physical, Dimensions, Cancel);
        foreach (var chunk in Enumerable.Range(first, count).Chunk(250))
        {
            await store.UpsertAsync(new(Physical, Scope), [.. chunk.Select(CreatePoint)], Cancel);
        }
    }

    private FlatIndexStore Open() => new(Options.Create(new FlatIndexOptions { Directory = _folder.Path, SegmentBytes = 1 << 20 }));

    private static Guid IdOf(int key) => PointId.Create(Scope, "d", key);

    private static float[] CreateVector(int key)
    {
        var random = new Random(key);
        var vector = Enumerable.Range(0, Dimensions).Select(_ => random.NextDouble() - 0.5).ToArray();
        var length = Math.Sqrt(vector.Sum(static value => value * value));
        return [.. vector.Select(value => (float)(value / length))];
    }

    private static VectorPoint CreatePoint(int key) => new(IdOf(key), CreateVector(key), new()
    {
        Scope = Scope,
        DocumentId = "d",
        Chunk = key,
        Text = $"text k{key}",
        StartChar = 0,
        EndChar = 1,
        StartLine = 1,
        EndLine = 1,
        Generation = 1,
        Epoch = 1,
        IndexedAt = DateTimeOffset.UnixEpoch,
    });
}
