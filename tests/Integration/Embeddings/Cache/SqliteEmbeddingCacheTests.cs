using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Quiver.Adapters.Embeddings.Cache;
using Quiver.Adapters.Storage.Sqlite;

namespace Quiver.Tests.Integration.Embeddings.Cache;

public sealed class SqliteEmbeddingCacheTests : IDisposable
{
    private const int Dimensions = 512;
    private const long Bound = 1 << 20;

    private readonly string _directory = Directory.CreateTempSubdirectory("quiver-cache-").FullName;
    private readonly ManualClock _clock = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private string CachePath => Path.Combine(_directory, "cache.db");

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public async Task GetAsync_AfterReopening_FindsWhatWasPut()
    {
        await using (var first = Open())
        {
            await first.PutAsync("m@1", [Entry(1), Entry(2)], Token);
        }

        await using var second = Open();
        var found = await second.GetAsync("m@1", [Hash(2), Hash(3), Hash(1)], Token);

        Assert.Equal(Vector(2), found[0]);
        Assert.Null(found[1]);
        Assert.Equal(Vector(1), found[2]);
    }

    [Fact]
    public async Task PutAsync_FolderMissing_MakesItAndKeeps()
    {
        var path = Path.Combine(_directory, "not", "there", "cache.db");
        await using var cache = new SqliteEmbeddingCache(
            Options.Create(new EmbeddingCacheOptions { Path = path }), _clock, NullLogger<SqliteEmbeddingCache>.Instance);

        await cache.PutAsync("m@1", [Entry(1)], Token);

        Assert.Equal(Vector(1), (await cache.GetAsync("m@1", [Hash(1)], Token))[0]);
    }

    [Fact]
    public async Task GetAsync_AnotherModel_FindsNothing()
    {
        await using var cache = Open();
        await cache.PutAsync("m@1", [Entry(1)], Token);

        Assert.Null((await cache.GetAsync("m@2", [Hash(1)], Token))[0]);
    }

    [Fact]
    public async Task PutAsync_FarBeyondTheBound_KeepsTheFileBoundedAndWhatIsInUse()
    {
        await using (var cache = Open())
        {
            await cache.PutAsync("m@1", [Entry(0)], Token);
            for (var batch = 1; batch <= 40; batch++)
            {
                _clock.Advance(TimeSpan.FromHours(2));
                Assert.Equal(Vector(0), (await cache.GetAsync("m@1", [Hash(0)], Token))[0]);
                await cache.PutAsync("m@1", [.. Enumerable.Range(batch * 64, 64).Select(Entry)], Token);
            }

            Assert.Null((await cache.GetAsync("m@1", [Hash(64)], Token))[0]);
            Assert.Equal(Vector((40 * 64) + 5), (await cache.GetAsync("m@1", [Hash((40 * 64) + 5)], Token))[0]);
        }

        Assert.InRange(new FileInfo(CachePath).Length, Bound / 4, Bound * 5 / 4);
    }

    [Fact]
    public async Task GetAsync_FileThatIsNoDatabase_MovesItAsideAndStartsAgain()
    {
        await File.WriteAllTextAsync(CachePath, string.Concat(Enumerable.Repeat("this is no database ", 1_000)), Token);
        await using var cache = Open();

        var before = await cache.GetAsync("m@1", [Hash(1)], Token);
        await cache.PutAsync("m@1", [Entry(1)], Token);

        Assert.Null(before[0]);
        Assert.Equal(Vector(1), (await cache.GetAsync("m@1", [Hash(1)], Token))[0]);
        Assert.True(File.Exists($"{CachePath}.corrupt"));
    }

    [Fact]
    public async Task GetAsync_PagesOverwritten_AnswersNothingAndWorksAfterwards()
    {
        await using (var cache = Open())
        {
            await cache.PutAsync("m@1", [.. Enumerable.Range(0, 300).Select(Entry)], Token);
        }

        await using (var file = File.OpenWrite(CachePath))
        {
            file.Position = 4096;
            await file.WriteAsync(Enumerable.Repeat((byte)0xA5, (int)file.Length - 4096).ToArray(), Token);
        }

        await using var reopened = Open();
        var found = await reopened.GetAsync("m@1", [.. Enumerable.Range(0, 300).Select(Hash)], Token);
        await reopened.PutAsync("m@1", [Entry(7)], Token);

        Assert.All(found, Assert.Null);
        Assert.Equal(Vector(7), (await reopened.GetAsync("m@1", [Hash(7)], Token))[0]);
    }

    [Theory]
    [InlineData(384, 64)]
    [InlineData(512, 64)]
    [InlineData(1024, 40)]
    [InlineData(1536, 64)]
    [InlineData(3072, 20)]
    public async Task PutAsync_ManyVectors_TakeLittleMoreThanTheirOwnBytes(int dimensions, int batch)
    {
        const int Vectors = 1920;
        await using (var cache = OpenLarge())
        {
            for (var first = 0; first < Vectors; first += batch)
            {
                await cache.PutAsync("m@1", [.. Enumerable.Range(first, batch).Select(i => (Hash(i), (ReadOnlyMemory<float>)Vector(i, dimensions)))], Token);
            }
        }

        var bytesPerVector = new FileInfo(CachePath).Length / (double)Vectors;

        Assert.InRange(bytesPerVector, dimensions * sizeof(float), (dimensions * sizeof(float) * 1.03) + 150);
    }

    [Fact]
    public async Task PutAsync_KeyAgain_ReplacesTheVectorAlsoAfterTheOldPackIsEvicted()
    {
        await using var cache = Open();
        await cache.PutAsync("m@1", [(Hash(1), Vector(7)), Entry(2)], Token);
        _clock.Advance(TimeSpan.FromHours(1));
        await cache.PutAsync("m@1", [Entry(1)], Token);
        for (var batch = 1; batch <= 10; batch++)
        {
            _clock.Advance(TimeSpan.FromHours(1));
            Assert.Equal(Vector(1), (await cache.GetAsync("m@1", [Hash(1)], Token))[0]);
            await cache.PutAsync("m@1", [.. Enumerable.Range(batch * 64, 64).Select(Entry)], Token);
        }

        Assert.Null((await cache.GetAsync("m@1", [Hash(2)], Token))[0]);
        Assert.Equal(Vector(1), (await cache.GetAsync("m@1", [Hash(1)], Token))[0]);
    }

    [Fact]
    public async Task Open_OfACacheOfTheFirstVersion_KeepsItsVectorsAndCompactsThem()
    {
        const int Vectors = 500;
        await using (var old = SqliteDatabase.Open(CachePath, [CacheTable.Migrations[0]]))
        {
            await old.WriteAsync(
                session =>
                {
                    for (var i = 0; i < Vectors; i++)
                    {
                        session.Execute(
                            "INSERT INTO vectors (key, vector, used) VALUES ($key, $vector, 1)",
                            ("$key", CacheTable.Key("m@1", Hash(i))),
                            ("$vector", MemoryMarshal.AsBytes<float>(Vector(i)).ToArray()));
                    }
                },
                Token);
        }

        await using (var cache = OpenLarge())
        {
            Assert.Equal(Vector(3), (await cache.GetAsync("m@1", [Hash(3)], Token))[0]);
        }

        CacheTable.Compact(CachePath);

        Assert.InRange(new FileInfo(CachePath).Length / (double)Vectors, Dimensions * sizeof(float), Dimensions * sizeof(float) * 1.15);
        await using var compacted = OpenLarge();
        var found = await compacted.GetAsync("m@1", [.. Enumerable.Range(0, Vectors).Select(Hash)], Token);
        Assert.Equal(Enumerable.Range(0, Vectors).Select(static number => Vector(number)), found);
    }

    [Fact]
    public async Task GetAsync_ConcurrentCallers_AllAnswer()
    {
        await using var cache = Open();

        await Task.WhenAll(Enumerable.Range(0, 50).Select(async i =>
        {
            await cache.PutAsync("m@1", [Entry(i)], Token);
            Assert.Equal(Vector(i), (await cache.GetAsync("m@1", [Hash(i)], Token))[0]);
        }));
    }

    private static byte[] Hash(int number) => SHA256.HashData(BitConverter.GetBytes(number));

    private static float[] Vector(int number) => Vector(number, Dimensions);

    private static float[] Vector(int number, int dimensions) => [.. Enumerable.Range(0, dimensions).Select(i => number + (i / 1000f))];

    private static (byte[] Hash, ReadOnlyMemory<float> Vector) Entry(int number) => (Hash(number), Vector(number));

    private SqliteEmbeddingCache Open() => new(
        Options.Create(new EmbeddingCacheOptions { Path = CachePath, MaxBytes = Bound }), _clock, NullLogger<SqliteEmbeddingCache>.Instance);

    private SqliteEmbeddingCache OpenLarge() => new(
        Options.Create(new EmbeddingCacheOptions { Path = CachePath }), _clock, NullLogger<SqliteEmbeddingCache>.Instance);

    private sealed class ManualClock : TimeProvider
    {
        private DateTimeOffset _now = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

        public void Advance(TimeSpan by) => _now += by;

        public override DateTimeOffset GetUtcNow() => _now;
    }
}
