using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Quiver.Adapters.Storage.Sqlite;
using Quiver.Core.Embedding;

namespace Quiver.Adapters.Embeddings.Cache;

/// <summary>
/// The embedding cache in a SQLite file of limited size, opened on first use. A corrupt file is moved aside and replaced by a new one: losing
/// the cache costs time, never a job.
/// </summary>
internal sealed partial class SqliteEmbeddingCache : IEmbeddingCache, IAsyncDisposable
{
    private const int NotADatabase = 26;
    private const int Corrupt = 11;
    private const long MinEvictedBytes = 256 << 10;

    private readonly EmbeddingCacheOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly SemaphoreSlim _gate = new(1);
    private volatile SqliteDatabase? _database;

    public SqliteEmbeddingCache(IOptions<EmbeddingCacheOptions> options, TimeProvider time, ILogger<SqliteEmbeddingCache> logger) =>
        (_options, _time, _logger) = (options.Value, time, logger);

    private long Hour => _time.GetUtcNow().ToUnixTimeSeconds() / 3600;

    public Task<IReadOnlyList<float[]?>> GetAsync(string modelId, IReadOnlyList<byte[]> textHashes, CancellationToken cancellationToken = default)
    {
        var keys = textHashes.Select(hash => CacheTable.Key(modelId, hash)).ToArray();
        return WithDatabaseAsync(
            async database =>
            {
                var hour = Hour;
                var (vectors, stale) = await database.ReadAsync(session => CacheTable.Read(session, keys, hour), cancellationToken);
                if (stale.Count > 0)
                {
                    await database.WriteAsync(session => CacheTable.Touch(session, stale, hour), cancellationToken);
                }

                return (IReadOnlyList<float[]?>)vectors;
            },
            whenLost: new float[]?[keys.Length],
            cancellationToken);
    }

    public Task PutAsync(string modelId, IReadOnlyList<(byte[] TextHash, ReadOnlyMemory<float> Vector)> entries, CancellationToken cancellationToken = default) =>
        WithDatabaseAsync(
            async database =>
            {
                var hour = Hour;
                await database.WriteAsync(
                    session =>
                    {
                        // Each write evicts a limited number of bytes, but more than it adds, so the size returns below the limit.
                        var added = EstimatedBytes(entries);
                        if (CacheTable.UsedBytes(session) > _options.MaxBytes - added)
                        {
                            CacheTable.Evict(session, Math.Max(MinEvictedBytes, 2 * added));
                        }

                        CacheTable.Put(session, [.. entries.Select(entry => (CacheTable.Key(modelId, entry.TextHash), entry.Vector))], hour);
                    },
                    cancellationToken);
                return true;
            },
            whenLost: false,
            cancellationToken);

    public async ValueTask DisposeAsync()
    {
        if (_database is { } database)
        {
            await database.DisposeAsync();
        }

        _gate.Dispose();
    }

    private static long EstimatedBytes(IReadOnlyList<(byte[] TextHash, ReadOnlyMemory<float> Vector)> entries)
    {
        const long rowOverhead = 128;
        return entries.Sum(entry => (entry.Vector.Length * (long)sizeof(float)) + rowOverhead);
    }

    private static bool IsCorruption(Exception exception) =>
        (exception as SqliteException ?? exception.InnerException as SqliteException)?.SqliteErrorCode is Corrupt or NotADatabase;

    private async Task<T> WithDatabaseAsync<T>(Func<SqliteDatabase, Task<T>> work, T whenLost, CancellationToken cancellationToken)
    {
        var database = await OpenAsync(cancellationToken);
        try
        {
            return await work(database);
        }
        catch (Exception exception) when (IsCorruption(exception))
        {
            await ReplaceAsync(database, exception, cancellationToken);
            return whenLost;
        }
    }

    private async ValueTask<SqliteDatabase> OpenAsync(CancellationToken cancellationToken)
    {
        if (_database is { } open)
        {
            return open;
        }

        await _gate.WaitAsync(cancellationToken);
        try
        {
            return _database ??= await Task.Factory.StartNew(OpenOrReplace, cancellationToken, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        }
        finally
        {
            _gate.Release();
        }
    }

    private SqliteDatabase OpenOrReplace()
    {
        // The cache has its own folder, which can be deleted to clear the cache.
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(_options.Path))!);
        try
        {
            return SqliteDatabase.Open(_options.Path, CacheTable.Migrations, survivesPowerFailure: false);
        }
        catch (Exception exception) when (IsCorruption(exception))
        {
            MoveAside(exception);
            return SqliteDatabase.Open(_options.Path, CacheTable.Migrations, survivesPowerFailure: false);
        }
    }

    private async Task ReplaceAsync(SqliteDatabase broken, Exception cause, CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken);
        try
        {
            // Only the first of several callers with the same corrupt file replaces it.
            if (_database == broken)
            {
                _database = null;
                await broken.DisposeAsync();
                MoveAside(cause);
            }
        }
        finally
        {
            _gate.Release();
        }
    }

    private void MoveAside(Exception cause)
    {
        var aside = $"{_options.Path}.corrupt";
        LogMovedAside(_logger, cause, _options.Path, aside);
        File.Move(_options.Path, aside, overwrite: true);
        File.Delete($"{_options.Path}-wal");
        File.Delete($"{_options.Path}-shm");
    }

    [LoggerMessage(
        EventId = 3301,
        Level = LogLevel.Warning,
        Message = "The embedding cache {Path} is corrupt. It was moved to {Aside}, which can be deleted, and a new cache was created.")]
    private static partial void LogMovedAside(ILogger logger, Exception cause, string path, string aside);
}

/// <summary>Reads a cache that another process may be writing. An unreadable cache is a miss; writes are dropped.</summary>
internal sealed partial class ReadOnlyEmbeddingCache(IOptions<EmbeddingCacheOptions> options, ILogger<ReadOnlyEmbeddingCache> logger)
    : IEmbeddingCache, IAsyncDisposable
{
    private readonly Lazy<SqliteDatabase> _database = new(() => SqliteDatabase.OpenReadOnly(options.Value.Path, CacheTable.Migrations));

    public async Task<IReadOnlyList<float[]?>> GetAsync(string modelId, IReadOnlyList<byte[]> textHashes, CancellationToken cancellationToken = default)
    {
        var keys = textHashes.Select(hash => CacheTable.Key(modelId, hash)).ToArray();
        try
        {
            // The hour only selects the rows to mark as used.
            return await _database.Value.ReadAsync(session => CacheTable.Read(session, keys, hour: 0).Vectors, cancellationToken);
        }
        catch (QuiverException exception)
        {
            LogNotRead(logger, exception, options.Value.Path);
            return new float[]?[keys.Length];
        }
    }

    public Task PutAsync(string modelId, IReadOnlyList<(byte[] TextHash, ReadOnlyMemory<float> Vector)> entries, CancellationToken cancellationToken = default) =>
        Task.CompletedTask;

    public ValueTask DisposeAsync() => _database.IsValueCreated ? _database.Value.DisposeAsync() : ValueTask.CompletedTask;

    [LoggerMessage(EventId = 3302, Level = LogLevel.Debug, Message = "The embedding cache {Path} cannot be read; the texts are embedded again.")]
    private static partial void LogNotRead(ILogger logger, Exception cause, string path);
}
