using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Quiver.Adapters.Storage.Sqlite;
using Quiver.Core.Embedding;

namespace Quiver.Adapters.Embeddings.Cache;

/// <summary>Looks vectors up in a cache that another process may be writing. What cannot be read is not there; what is to be kept is not kept.</summary>
internal sealed partial class ReadOnlyEmbeddingCache(IOptions<EmbeddingCacheOptions> options, ILogger<ReadOnlyEmbeddingCache> logger) : IEmbeddingCache, IAsyncDisposable
{
    private readonly Lazy<SqliteDatabase> _database = new(() => SqliteDatabase.OpenReadOnly(options.Value.Path, CacheTable.Migrations));

    public async Task<IReadOnlyList<float[]?>> GetAsync(string modelId, IReadOnlyList<byte[]> textHashes, CancellationToken cancellationToken = default)
    {
        var keys = textHashes.Select(hash => CacheTable.Key(modelId, hash)).ToArray();
        try
        {
            // The time only decides which rows would be marked as used.
            return await _database.Value.ReadAsync(session => CacheTable.Read(session, keys, hour: 0).Vectors, cancellationToken);
        }
        catch (QuiverException e)
        {
            LogNotRead(logger, e, options.Value.Path);
            return new float[]?[keys.Length];
        }
    }

    public Task PutAsync(string modelId, IReadOnlyList<(byte[] TextHash, ReadOnlyMemory<float> Vector)> entries, CancellationToken cancellationToken = default) => Task.CompletedTask;

    public ValueTask DisposeAsync() => _database.IsValueCreated ? _database.Value.DisposeAsync() : ValueTask.CompletedTask;

    [LoggerMessage(EventId = 3302, Level = LogLevel.Debug, Message = "The embedding cache {Path} cannot be read; its vectors are made again.")]
    private static partial void LogNotRead(ILogger logger, Exception cause, string path);
}
