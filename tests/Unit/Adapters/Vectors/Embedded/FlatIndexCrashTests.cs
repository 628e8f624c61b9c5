using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Options;
using Quiver.Adapters.Vectors.Embedded;
using Quiver.Core.Vectors;
using Quiver.Tests.Unit.Adapters.Storage.Sqlite;

namespace Quiver.Tests.Unit.Adapters.Vectors.Embedded;

/// <summary>
/// Copies the files while the writing thread is paused at a stage of a commit: what a killed process would leave. In the copy, all slots
/// without a row are filled with garbage, as if writes in flight had been torn.
/// </summary>
public sealed class FlatIndexCrashTests : IDisposable
{
    private const string Physical = "crash";
    private const int Dimensions = 24;
    private const int Keys = 60;

    private static readonly CollectionKey Scope = new(TenantId.Parse("acme"), CollectionName.Parse("docs"));

    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Store_OpenedAfterACrashAtAnyStage_HoldsEveryAcknowledgedPointAndNoTornOne(int seed)
    {
        var random = new Random(seed);
        var acknowledged = new ConcurrentDictionary<int, long>();
        var started = new ConcurrentDictionary<int, long>();
        var crashes = new List<(string Folder, CommitStage Stage, Dictionary<int, long> Acknowledged, Dictionary<int, long> Started)>();
        void CrashSometimes(CommitStage stage)
        {
            if (random.Next(12) == 0 && crashes.Count < 25)
            {
                var copy = _folder.File($"copy{crashes.Count}");
                // Acknowledgements only grow: those before the copy are in it, writes started after it are not.
                var before = new Dictionary<int, long>(acknowledged);
                Copy(Path.Combine(_folder.File("live"), Physical), Path.Combine(copy, Physical));
                crashes.Add((copy, stage, before, new(started)));
            }
        }

        await using (var store = Open("live", CrashSometimes))
        {
            await store.EnsureCollectionAsync(Physical, Dimensions, Cancel);
            await Task.WhenAll(Enumerable.Range(0, 4).Select(writer => WriteAsync(store, writer, new Random((seed * 100) + writer), started, acknowledged)));
        }

        Assert.True(crashes.Select(crash => crash.Stage).Distinct().Count() == 3, $"seed {seed}: too few crashes");
        foreach (var crash in crashes)
        {
            SpoilFreeSlots(Path.Combine(crash.Folder, Physical));
            await using var store = Open(Path.GetFileName(crash.Folder));
            var found = await ReadAsync(store);
            foreach (var key in Enumerable.Range(0, Keys))
            {
                var version = found.GetValueOrDefault(key);
                Assert.True(
                    version >= crash.Acknowledged.GetValueOrDefault(key) && version <= crash.Started.GetValueOrDefault(key),
                    $"seed {seed}, {crash.Stage}: key {key} is at {version}, acknowledged {crash.Acknowledged.GetValueOrDefault(key)}");
            }

            await store.UpsertAsync(new(Physical, Scope), [CreatePoint(0, 1_000_000)], Cancel);
            Assert.Equal(1_000_000, (await ReadAsync(store))[0]);
        }
    }

    [Fact]
    public async Task Commit_ThatFails_LeavesThePointsOfBeforeAndTheStoreGoesOn()
    {
        var failing = false;
        await using var store = Open("live", stage => _ = failing && stage == CommitStage.Flushed ? throw new IOException("disk") : 0);
        await store.EnsureCollectionAsync(Physical, Dimensions, Cancel);
        await store.UpsertAsync(new(Physical, Scope), [CreatePoint(1, 1)], Cancel);

        failing = true;
        await Assert.ThrowsAsync<IOException>(() => store.UpsertAsync(new(Physical, Scope), [CreatePoint(1, 2), CreatePoint(2, 2)], Cancel));
        failing = false;

        Assert.Equal(new() { [1] = 1 }, await ReadAsync(store));
        await store.UpsertAsync(new(Physical, Scope), [CreatePoint(3, 3)], Cancel);
        Assert.Equal(new() { [1] = 1, [3] = 3 }, await ReadAsync(store));
    }

    private static async Task WriteAsync(
        FlatIndexStore store, int writer, Random random, ConcurrentDictionary<int, long> started, ConcurrentDictionary<int, long> acknowledged)
    {
        for (var version = 1L; version <= 60; version++)
        {
            // Each writer has its own keys, so that the order of a key's versions is known.
            var keys = Enumerable.Range(0, random.Next(1, 6)).Select(_ => (random.Next(Keys / 4) * 4) + writer).Distinct().ToList();
            keys.ForEach(key => started[key] = version);
            await store.UpsertAsync(new(Physical, Scope), [.. keys.Select(key => CreatePoint(key, version))], Cancel);
            keys.ForEach(key => acknowledged[key] = version);
        }
    }

    /// <summary>The version of each key; checks that its vector is exactly the vector of that version.</summary>
    private static async Task<Dictionary<int, long>> ReadAsync(FlatIndexStore store)
    {
        var points = await store.ScrollAsync(new(Physical, Scope), null, 1000, withVectors: true, Cancel);
        Assert.All(points, point => Assert.Equal(CreateVector(point.Payload.Chunk, point.Payload.Generation), point.Vector.ToArray()));
        var hits = await store.QueryAsync(new(Physical, Scope), new(CreateVector(5, 5), 1000), Cancel);
        Assert.Equal(points.Select(point => point.Id), hits.Select(hit => hit.Id).Order());
        foreach (var versions in points.GroupBy(point => point.Payload.Generation))
        {
            var found = await store.QueryLexicalAsync(new(Physical, Scope), new($"v{versions.Key}", 1000), Cancel);
            Assert.Equal(versions.Select(point => point.Id).Order(), found.Points.Select(hit => hit.Id).Order());
        }

        return points.ToDictionary(point => point.Payload.Chunk, point => point.Payload.Generation);
    }

    private static float[] CreateVector(int key, long version)
    {
        var random = new Random((key * 7919) ^ (int)version);
        var vector = Enumerable.Range(0, Dimensions).Select(_ => random.NextDouble() - 0.5).ToArray();
        var length = Math.Sqrt(vector.Sum(value => value * value));
        return [.. vector.Select(value => (float)(value / length))];
    }

    private static VectorPoint CreatePoint(int key, long version) =>
        new(
            PointId.Create(Scope, "d", key),
            CreateVector(key, version),
            new()
            {
                Scope = Scope,
                DocumentId = "d",
                Chunk = key,
                Text = $"v{version}",
                StartChar = 0,
                EndChar = 1,
                StartLine = 1,
                EndLine = 1,
                Generation = version,
                Epoch = 1,
                IndexedAt = DateTimeOffset.UnixEpoch,
            });

    private static void Copy(string from, string to)
    {
        Directory.CreateDirectory(to);
        // The shared-memory file is rebuilt from the log, as after a crash of the machine.
        foreach (var file in Directory.GetFiles(from).Where(file => !file.EndsWith("-shm", StringComparison.Ordinal)))
        {
            File.Copy(file, Path.Combine(to, Path.GetFileName(file)));
        }
    }

    private static void SpoilFreeSlots(string folder)
    {
        var used = new HashSet<long>();
        using (var connection = new SqliteConnection($"Data Source={Path.Combine(folder, "index.db")};Mode=ReadOnly;Pooling=False"))
        {
            connection.Open();
            using var command = connection.CreateCommand();
            command.CommandText = "SELECT slot FROM points";
            using var row = command.ExecuteReader();
            while (row.Read())
            {
                used.Add(row.GetInt64(0));
            }
        }

        var path = Path.Combine(folder, "vectors.bin");
        if (!File.Exists(path))
        {
            return;
        }

        var rowBytes = FlatLayout.Create(Dimensions, 1 << 20).RowBytes;
        var rubbish = new float[rowBytes / sizeof(float)];
        Array.Fill(rubbish, float.NaN);
        using var handle = File.OpenHandle(path, access: FileAccess.ReadWrite);
        for (var slot = 0L; slot < Math.Min(2048, RandomAccess.GetLength(handle) / rowBytes); slot++)
        {
            if (!used.Contains(slot))
            {
                RandomAccess.Write(handle, MemoryMarshal.AsBytes(rubbish.AsSpan()), slot * rowBytes);
            }
        }
    }

    private FlatIndexStore Open(string name, Action<CommitStage>? observer = null) =>
        new(Options.Create(new FlatIndexOptions { Directory = _folder.File(name), SegmentBytes = 1 << 20 }), observer: observer);
}
