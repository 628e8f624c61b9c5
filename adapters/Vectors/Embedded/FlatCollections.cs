using System.Collections.Concurrent;
using Quiver.Core.Vectors;

namespace Quiver.Adapters.Vectors.Embedded;

/// <summary>The open collections, by name.</summary>
internal sealed class FlatCollections(FlatIndexOptions options, bool onlyReads, Action<CommitStage>? observer) : IAsyncDisposable
{
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
        PhysicalNames.Check(name);
        if (onlyReads && dimensions is not null)
        {
            throw OnlyReads();
        }

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

    /// <summary>True from the begin of the disposal on.</summary>
    public bool IsDisposed => _disposed != 0;

    /// <summary>Closes a collection and deletes its folder; waits for what is queued on it.</summary>
    /// <returns>False when it is missing.</returns>
    public async Task<bool> DropAsync(string name, CancellationToken cancellationToken)
    {
        PhysicalNames.Check(name);
        if (onlyReads)
        {
            throw OnlyReads();
        }

        await _opening.WaitAsync(cancellationToken);
        try
        {
            ObjectDisposedException.ThrowIf(_disposed != 0, this);
            if (_open.TryRemove(name, out var collection))
            {
                await collection.DisposeAsync();
            }

            // Off the caller's thread: a large file takes its time.
            return await Task.Factory.StartNew(
                () => DeleteFolder(Path.Combine(options.Directory, name)), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
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

    /// <summary>The folder gets a name that no collection can have first, so that a stop in the middle leaves no half of a collection.</summary>
    private static bool DeleteFolder(string folder)
    {
        if (!Directory.Exists(folder))
        {
            return false;
        }

        var condemned = folder + "~deleted";
        try
        {
            if (Directory.Exists(condemned))
            {
                Directory.Delete(condemned, recursive: true);
            }

            Directory.Move(folder, condemned);
            Directory.Delete(condemned, recursive: true);
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new PermanentException(ErrorCodes.StorageUnavailable, $"{folder} cannot be deleted: {e.Message} Check its permissions.", e);
        }
    }

    private InvalidOperationException OnlyReads() => new($"{options.Directory} was opened to be read.");

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
            () => Path.Combine(options.Directory, name) is var folder && onlyReads
                ? FlatCollection.OpenReadOnlyAsync(folder, _pool)
                : FlatCollection.OpenAsync(folder, dimensions, options, _pool, observer),
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
