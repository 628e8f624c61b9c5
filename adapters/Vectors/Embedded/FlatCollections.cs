using System.Collections.Concurrent;
using Quiver.Adapters.Storage.Files;
using Quiver.Core.Vectors;

namespace Quiver.Adapters.Vectors.Embedded;

/// <summary>The open collections, by name.</summary>
internal sealed class FlatCollections(FlatIndexOptions options, bool onlyReads, Action<CommitStage>? observer, DirectoryManifest? manifest) : IAsyncDisposable
{
    private readonly ConcurrentDictionary<string, FlatCollection> _open = new(StringComparer.Ordinal);
    private readonly SearchPool _pool = new(options.SearchThreads);
    private readonly SemaphoreSlim _opening = new(1);
    private int _disposed;

    /// <summary>True as soon as the disposal starts.</summary>
    public bool IsDisposed => _disposed != 0;

    /// <summary>Returns a collection; opens it, or creates it when <paramref name="dimensions"/> is given.</summary>
    /// <returns>Null when it is missing and not to be created.</returns>
    public async Task<FlatCollection?> OpenAsync(string name, int? dimensions, CancellationToken cancellationToken)
    {
        VectorStoreValidator.CheckName(name);
        if (onlyReads && dimensions is not null)
        {
            throw ReadOnly();
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

    /// <summary>Closes a collection, after its queued operations, and deletes its folder.</summary>
    /// <returns>False when it is missing.</returns>
    public async Task<bool> DropAsync(string name, CancellationToken cancellationToken)
    {
        VectorStoreValidator.CheckName(name);
        if (onlyReads)
        {
            throw ReadOnly();
        }

        await _opening.WaitAsync(cancellationToken);
        try
        {
            ObjectDisposedException.ThrowIf(_disposed != 0, this);
            if (_open.TryRemove(name, out var collection))
            {
                await collection.DisposeAsync();
            }

            // Deleting a large file blocks, so it runs on its own thread.
            var folder = Path.Combine(options.Directory, name);
            return await Task.Factory.StartNew(
                () =>
                {
                    // Before the folder: after an interruption, what is left of it must not be missed.
                    manifest?.Remove(FlatFiles.DatabaseIn(folder));
                    return DeleteFolder(folder);
                },
                CancellationToken.None,
                TaskCreationOptions.LongRunning,
                TaskScheduler.Default);
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

    /// <summary>Renames the folder to a name that no collection can have, then deletes it: an interrupted deletion leaves no partial collection.</summary>
    private static bool DeleteFolder(string folder)
    {
        if (!Directory.Exists(folder))
        {
            return false;
        }

        var deleted = folder + "~deleted";
        try
        {
            if (Directory.Exists(deleted))
            {
                Directory.Delete(deleted, recursive: true);
            }

            Directory.Move(folder, deleted);
            Directory.Delete(deleted, recursive: true);
            return true;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new PermanentException(ErrorCodes.StorageUnavailable, $"{folder} cannot be deleted: {exception.Message} Check its permissions.", exception);
        }
    }

    private InvalidOperationException ReadOnly() => new($"{options.Directory} is open read-only.");

    private async Task<FlatCollection?> OpenNewAsync(string name, int? dimensions)
    {
        if (_open.Count >= options.MaxCollections)
        {
            throw new PermanentException(
                ErrorCodes.InvalidOption,
                $"{name} cannot be opened because {options.MaxCollections} physical collections are open: raise Quiver:FlatIndex:MaxCollections.");
        }

        // Opening reads files and blocks, so it runs on its own thread.
        var folder = Path.Combine(options.Directory, name);
        var opened = await Task.Factory.StartNew(
            () => onlyReads
                ? FlatCollection.OpenReadOnlyAsync(folder, _pool, manifest)
                : FlatCollection.OpenAsync(folder, dimensions, options, _pool, observer, manifest),
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
