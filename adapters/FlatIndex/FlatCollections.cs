using System.Buffers;
using System.Collections.Concurrent;

namespace Quiver.Adapters.FlatIndex;

/// <summary>The open collections, by name.</summary>
internal sealed class FlatCollections(FlatIndexOptions options, Action<CommitStage>? observer) : IAsyncDisposable
{
    private const int MaxNameLength = 128;

    private static readonly SearchValues<char> Allowed = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-");

    private readonly ConcurrentDictionary<string, FlatCollection> _open = new(StringComparer.Ordinal);
    private readonly SearchPool _pool = new(options.SearchThreads);
    private readonly SemaphoreSlim _opening = new(1);
    private int _disposed;

    /// <summary>The collection, opened when it is not yet.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="dimensions">What to create it with when it is missing; null not to create it.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns>Null when it is missing and not to be created.</returns>
    public async Task<FlatCollection?> OpenAsync(string name, int? dimensions, CancellationToken cancellationToken)
    {
        CheckName(name);
        if (_open.TryGetValue(name, out var known))
        {
            return known;
        }

        await _opening.WaitAsync(cancellationToken);
        try
        {
            ObjectDisposedException.ThrowIf(_disposed != 0, this);
            return _open.TryGetValue(name, out known) ? known : await OpenNewAsync(name, dimensions);
        }
        finally
        {
            _opening.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0)
        {
            return;
        }

        await _opening.WaitAsync();
        foreach (var collection in _open.Values)
        {
            await collection.DisposeAsync();
        }

        _pool.Dispose();
        _opening.Dispose();
    }

    private static void CheckName(string name)
    {
        // A name of dots only would be another folder than its own.
        if (name is not { Length: > 0 and <= MaxNameLength } || name.AsSpan().ContainsAnyExcept(Allowed) || !name.AsSpan().ContainsAnyExcept('.'))
        {
            throw new ArgumentException($"'{name}' is not the name of a physical collection: use 1 to {MaxNameLength} letters, digits, '.', '_' or '-'.", nameof(name));
        }
    }

    private async Task<FlatCollection?> OpenNewAsync(string name, int? dimensions)
    {
        if (_open.Count >= options.MaxCollections)
        {
            throw new PermanentException(
                ErrorCodes.InvalidOption,
                $"{options.MaxCollections} physical collections are open and {name} would be one more: raise Quiver:FlatIndex:MaxCollections.");
        }

        // Off the caller's thread: opening reads and blocks.
        var opened = await Task.Factory.StartNew(
            () => FlatCollection.OpenAsync(Path.Combine(options.Directory, name), dimensions, options, _pool, observer),
            CancellationToken.None,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default).Unwrap();
        if (opened is not null)
        {
            _open[name] = opened;
        }

        return opened;
    }
}
