using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Options;
using Quiver.Adapters.Vectors.Embedded;
using Quiver.Core.Vectors;
using Quiver.Tests.Unit.Adapters.Storage.Sqlite;

namespace Quiver.Tests.Unit.Adapters.Vectors.Embedded;

/// <summary>A second store on the same files, as in another process, reads while the first one writes.</summary>
public sealed class FlatIndexReaderTests : IDisposable
{
    private const string Physical = "read";
    private const int Dimensions = 24;
    private const int Keys = 40;

    private static readonly CollectionKey Scope = new(TenantId.Parse("acme"), CollectionName.Parse("docs"));

    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private string Folder => Path.Combine(_folder.Path, Physical);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Reader_OfAMissingIndex_FindsNothingAndCreatesNothing()
    {
        await using (var reader = OpenReader())
        {
            Assert.Equal(0, await reader.CountAsync(new(Physical, Scope), Cancel));
            Assert.Empty(await reader.QueryAsync(new(Physical, Scope), new(CreateVector(1, 1), 10), Cancel));
        }

        Assert.Empty(Directory.EnumerateFileSystemEntries(_folder.Path));
    }

    [Fact]
    public async Task Reader_OfAnOpenIndex_FindsWords()
    {
        await using var writer = await OpenWriterAsync();
        await WriteAsync(writer, 0, Keys, version: 1);
        await using var reader = OpenReader();

        var answer = await reader.QueryLexicalAsync(new(Physical, Scope), new("t", 1000), Cancel);

        Assert.Null(answer.Gap);
        Assert.Equal(Keys, answer.Points.Count);
    }

    [Fact]
    public async Task Reader_IsRefusedEveryWrite()
    {
        await using var writer = await OpenWriterAsync();
        await using var reader = OpenReader();

        await Assert.ThrowsAsync<InvalidOperationException>(() => reader.UpsertAsync(new(Physical, Scope), [CreatePoint(1, 1)], Cancel));
        await Assert.ThrowsAsync<InvalidOperationException>(() => reader.EnsureCollectionAsync(Physical, Dimensions, Cancel));
        await Assert.ThrowsAsync<InvalidOperationException>(() => reader.DropCollectionAsync(Physical, Cancel));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Reader_WhileSlotsAreFilledAgain_NeverSeesAVectorOfAnotherPoint(int seed)
    {
        await using var writer = await OpenWriterAsync();
        await WriteAsync(writer, 0, Keys, version: 1);
        using var done = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        var readers = Enumerable.Range(0, 2).Select(_ => Task.Run(() => CompareUntilAsync(done.Token), Cancel)).ToList();

        var random = new Random(seed);
        for (var version = 2L; version <= 250; version++)
        {
            await WriteAsync(writer, random.Next(Keys), random.Next(1, 12), version);
            if (random.Next(4) == 0)
            {
                await writer.DeleteAsync(new(Physical, Scope), [IdOf(random.Next(Keys))], Cancel);
            }
        }

        await done.CancelAsync();
        Assert.All(await Task.WhenAll(readers), count => Assert.True(count > 0, $"seed {seed}: a reader read nothing"));
    }

    [Fact]
    public async Task Writer_FillsEmptiedSlotsAgain_OnlyWhileNoProcessReads()
    {
        await using var writer = await OpenWriterAsync();
        await WriteAsync(writer, 0, Keys, version: 1);
        await WriteAsync(writer, 0, Keys, version: 2);
        await WriteAsync(writer, 0, Keys, version: 3);
        var reused = await EndAsync();

        using (new ReaderLock(Folder).Share())
        {
            await WriteAsync(writer, 0, Keys, version: 4);
            await WriteAsync(writer, 0, Keys, version: 5);
        }

        var held = await EndAsync();
        await WriteAsync(writer, 0, Keys, version: 6);
        await WriteAsync(writer, 0, Keys, version: 7);

        Assert.InRange(reused, Keys, 2 * Keys);
        Assert.InRange(held, (2 * Keys) + 1, 4 * Keys);
        Assert.InRange(await EndAsync(), Keys, held);
    }

    [Fact]
    public async Task Writer_ThatComesWhileAnotherProcessReads_LeavesEmptiedSlotsAlone()
    {
        await using (var before = await OpenWriterAsync())
        {
            await WriteAsync(before, 0, Keys, version: 1);
            await before.DeleteAsync(new(Physical, Scope), [.. Enumerable.Range(0, Keys / 2).Select(IdOf)], Cancel);
        }

        using (new ReaderLock(Folder).Share())
        {
            await using var writer = await OpenWriterAsync();
            await WriteAsync(writer, 0, 1, version: 2);
            Assert.Equal(Keys + 1, await EndAsync());
        }
    }

    private static async Task WriteAsync(FlatIndexStore store, int first, int count, long version) =>
        await store.UpsertAsync(new(Physical, Scope), [.. Enumerable.Range(first, count).Select(key => CreatePoint(key % Keys, version)).DistinctBy(static point => point.Id)], Cancel);

    /// <summary>Opens the index repeatedly, as commands do, and compares each vector and each score with the point.</summary>
    /// <returns>The number of repetitions.</returns>
    private async Task<int> CompareUntilAsync(CancellationToken done)
    {
        var count = 0;
        while (!done.IsCancellationRequested)
        {
            await using var reader = OpenReader();
            for (var round = 0; round < 5; round++)
            {
                var points = await reader.ScrollAsync(new(Physical, Scope), null, 1000, withVectors: true, Cancel);
                Assert.All(points, static point => Assert.Equal(CreateVector(point.Payload.Chunk, point.Payload.Generation), point.Vector.ToArray()));
                var query = CreateVector(5, count);
                var hits = await reader.QueryAsync(new(Physical, Scope), new(query, 1000), Cancel);
                Assert.NotEmpty(hits);
                Assert.All(hits, hit => Assert.Equal(Dot(query, CreateVector(hit.Payload.Chunk, hit.Payload.Generation)), hit.Score, 1e-5));
                count++;
            }
        }

        return count;
    }

    private async Task<long> EndAsync()
    {
        await using var connection = new SqliteConnection($"Data Source={Path.Combine(Folder, "index.db")};Mode=ReadOnly;Pooling=False");
        await connection.OpenAsync(Cancel);
        await using var command = connection.CreateCommand();
        command.CommandText = "SELECT max(slot) + 1 FROM points";
        return (long)(await command.ExecuteScalarAsync(Cancel))!;
    }

    private FlatIndexStore OpenReader() => new(Settings(), onlyReads: true);

    private async Task<FlatIndexStore> OpenWriterAsync()
    {
        var store = new FlatIndexStore(Settings());
        await store.EnsureCollectionAsync(Physical, Dimensions, Cancel);
        return store;
    }

    private IOptions<FlatIndexOptions> Settings() => Options.Create(new FlatIndexOptions { Directory = _folder.Path, SegmentBytes = 1 << 20 });

    private static double Dot(float[] left, float[] right) => left.Zip(right, static (a, b) => (double)a * b).Sum();

    private static Guid IdOf(int key) => PointId.Create(Scope, "d", key);

    private static float[] CreateVector(int key, long version)
    {
        var random = new Random((key * 7919) ^ (int)version);
        var vector = Enumerable.Range(0, Dimensions).Select(_ => random.NextDouble() - 0.5).ToArray();
        var length = Math.Sqrt(vector.Sum(value => value * value));
        return [.. vector.Select(value => (float)(value / length))];
    }

    private static VectorPoint CreatePoint(int key, long version) => new(IdOf(key), CreateVector(key, version), new()
    {
        Scope = Scope,
        DocumentId = "d",
        Chunk = key,
        Text = "t",
        StartChar = 0,
        EndChar = 1,
        StartLine = 1,
        EndLine = 1,
        Generation = version,
        Epoch = 1,
        IndexedAt = DateTimeOffset.UnixEpoch,
    });
}
