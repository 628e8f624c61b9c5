using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Quiver.Adapters.Storage.Sqlite;
using Quiver.Core.Embedding;

namespace Quiver.Adapters.Embeddings.Cache;

/// <summary>
/// Vectors in a SQLite file of bounded size, opened when first used. A corrupt file is moved aside and a new one begun: losing the
/// cache costs time, never a job.
/// </summary>
internal sealed partial class SqliteEmbeddingCache : IEmbeddingCache, IAsyncDisposable
{
    private const int NotADatabase = 26;
    private const int Corrupt = 11;
    private const int LeastEvicted = 256;

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
                        // A step of bounded length each time, larger than what comes in, so that the bound is reached again.
                        if (CacheTable.UsedBytes(session) > _options.MaxBytes - EstimatedBytes(entries))
                        {
                            CacheTable.Evict(session, Math.Max(LeastEvicted, 2 * entries.Count));
                        }

                        foreach (var (hash, vector) in entries)
                        {
                            CacheTable.Put(session, CacheTable.Key(modelId, hash), vector.Span, hour);
                        }
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

    private static bool IsCorruption(Exception e) =>
        (e as SqliteException ?? e.InnerException as SqliteException)?.SqliteErrorCode is Corrupt or NotADatabase;

    private async Task<T> WithDatabaseAsync<T>(Func<SqliteDatabase, Task<T>> work, T whenLost, CancellationToken cancellationToken)
    {
        var database = await OpenAsync(cancellationToken);
        try
        {
            return await work(database);
        }
        catch (Exception e) when (IsCorruption(e))
        {
            await ReplaceAsync(database, e, cancellationToken);
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
        // The cache has a folder of its own, which may be deleted to clear it.
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(_options.Path))!);
        try
        {
            return SqliteDatabase.Open(_options.Path, CacheTable.Migrations, survivesPowerFailure: false);
        }
        catch (Exception e) when (IsCorruption(e))
        {
            MoveAside(e);
            return SqliteDatabase.Open(_options.Path, CacheTable.Migrations, survivesPowerFailure: false);
        }
    }

    private async Task ReplaceAsync(SqliteDatabase broken, Exception cause, CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken);
        try
        {
            // Of several callers that met the same broken file the first replaces it.
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

    [LoggerMessage(EventId = 3301, Level = LogLevel.Warning, Message = "The embedding cache {Path} is corrupt. It was moved to {Aside}, which can be deleted, and a new one begun.")]
    private static partial void LogMovedAside(ILogger logger, Exception cause, string path, string aside);
}
