using System.Security.Cryptography;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Quiver.Adapters.Embeddings.Cache;

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

    private static float[] Vector(int number) => [.. Enumerable.Range(0, Dimensions).Select(i => number + (i / 1000f))];

    private static (byte[] Hash, ReadOnlyMemory<float> Vector) Entry(int number) => (Hash(number), Vector(number));

    private SqliteEmbeddingCache Open() => new(
        Options.Create(new EmbeddingCacheOptions { Path = CachePath, MaxBytes = Bound }), _clock, NullLogger<SqliteEmbeddingCache>.Instance);

    private sealed class ManualClock : TimeProvider
    {
        private DateTimeOffset _now = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

        public void Advance(TimeSpan by) => _now += by;

        public override DateTimeOffset GetUtcNow() => _now;
    }
}
