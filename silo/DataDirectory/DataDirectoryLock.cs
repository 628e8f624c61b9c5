namespace Quiver.Silo.DataDirectory;

/// <summary>
/// Holds a data directory for this process. The operating system releases the lock when the process ends, however it ends. <c>server.json</c>
/// next to the lock describes the holder and its address.
/// </summary>
public sealed class DataDirectoryLock : IAsyncDisposable
{
    private readonly DataDirectoryFiles _files;
    private readonly FileStream _file;
    private readonly DataDirectoryHolder _holder;
    private readonly ImmutableArray<string> _created;
    private bool _released;

    private DataDirectoryLock(DataDirectoryFiles files, FileStream file, DataDirectoryHolder holder, ImmutableArray<string> created)
    {
        _files = files;
        _file = file;
        _holder = holder;
        _created = created;
    }

    /// <summary>The directory, absolute.</summary>
    public string Directory => _files.Directory;

    /// <summary>Takes a directory without running its jobs. Creates it when it is missing.</summary>
    /// <param name="directory">An absolute path.</param>
    /// <param name="purpose">What for, as messages show it: <c>quiver ingest</c>.</param>
    /// <param name="time">The clock.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <exception cref="ConflictException">With <see cref="ErrorCodes.DataDirectoryLocked"/>: another process holds it.</exception>
    /// <exception cref="PermanentException">With <see cref="ErrorCodes.StorageUnavailable"/>.</exception>
    public static Task<DataDirectoryLock> AcquireAsync(string directory, string purpose, TimeProvider time, CancellationToken cancellationToken = default) =>
        AcquireAsync(directory, purpose, runsJobs: false, time, cancellationToken);

    /// <summary>Takes a directory. Creates it when it is missing; a directory that was created for nothing is removed by <see cref="DisposeAsync"/>.</summary>
    /// <param name="directory">An absolute path.</param>
    /// <param name="purpose">What for, as messages show it: <c>quiver ingest</c>.</param>
    /// <param name="runsJobs">Whether the caller runs the directory's jobs.</param>
    /// <param name="time">The clock.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <exception cref="ConflictException">With <see cref="ErrorCodes.DataDirectoryLocked"/>: another process holds it.</exception>
    /// <exception cref="PermanentException">With <see cref="ErrorCodes.StorageUnavailable"/>.</exception>
    public static async Task<DataDirectoryLock> AcquireAsync(
        string directory, string purpose, bool runsJobs, TimeProvider time, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(time);
        var files = new DataDirectoryFiles(directory);
        var created = files.Create();
        if (await LockFile.TryTakeAsync(files, time, cancellationToken) is not { } file)
        {
            throw Locked(directory, await HolderFile.ReadAsync(files, cancellationToken));
        }

        try
        {
            var holder = new DataDirectoryHolder(null, Environment.ProcessId, time.GetUtcNow(), purpose, runsJobs ? true : null);
            await HolderFile.WriteAsync(files, holder, cancellationToken);
            return new(files, file, holder, created);
        }
        catch
        {
            await file.DisposeAsync();
            throw;
        }
    }

    /// <summary>Takes an existing directory for a command that works on its files, which no other process may write.</summary>
    /// <param name="directory">An absolute path.</param>
    /// <param name="purpose">The command, as messages show it.</param>
    /// <param name="verb">What it does with the files: <c>compacted</c>.</param>
    /// <param name="time">The clock.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <exception cref="InvalidRequestException">With <see cref="ErrorCodes.InvalidOption"/>: there is no such directory.</exception>
    /// <exception cref="ConflictException">With <see cref="ErrorCodes.DataDirectoryLocked"/>: another process holds it.</exception>
    /// <exception cref="PermanentException">With <see cref="ErrorCodes.StorageUnavailable"/>.</exception>
    internal static async Task<DataDirectoryLock> AcquireIdleAsync(
        string directory, string purpose, string verb, TimeProvider time, CancellationToken cancellationToken)
    {
        if (!System.IO.Directory.Exists(directory))
        {
            throw new InvalidRequestException(ErrorCodes.InvalidOption, $"There is no data directory '{directory}': name it with --data DIR.");
        }

        return await FindHolderAsync(directory, cancellationToken) is { } holder
            ? throw new ConflictException(
                ErrorCodes.DataDirectoryLocked,
                $"{holder.Describe()} holds the data directory '{directory}': stop it, then run {purpose} again. A store that is written cannot be {verb}.")
            : await AcquireAsync(directory, purpose, time, cancellationToken);
    }

    /// <summary>
    /// The server that holds a directory; null when no process holds it, so that the caller may take it. A file that a killed server left is ignored.
    /// </summary>
    /// <param name="directory">An absolute path; need not exist.</param>
    /// <param name="cancellationToken">Stops reading.</param>
    /// <exception cref="ConflictException">With <see cref="ErrorCodes.DataDirectoryLocked"/>: a process without a server holds it.</exception>
    public static async Task<DataDirectoryHolder?> TryFindServerAsync(string directory, CancellationToken cancellationToken = default) =>
        await FindHolderAsync(directory, cancellationToken) is { } holder
            ? holder.Address is null ? throw Locked(directory, holder) : holder
            : null;

    /// <summary>The process that holds a directory, with or without a server; null when no process does.</summary>
    /// <param name="directory">An absolute path; need not exist, need not be writable.</param>
    /// <param name="cancellationToken">Stops reading.</param>
    /// <exception cref="PermanentException">With <see cref="ErrorCodes.StorageUnavailable"/>.</exception>
    public static async Task<DataDirectoryHolder?> FindHolderAsync(string directory, CancellationToken cancellationToken = default)
    {
        var files = new DataDirectoryFiles(directory);
        return LockFile.IsHeld(files) ? await HolderFile.ReadAsync(files, cancellationToken) ?? DataDirectoryHolder.Unknown : null;
    }

    /// <summary>True when this process may write the files of a directory; false for a missing one.</summary>
    /// <param name="directory">An absolute path.</param>
    public static bool IsWritable(string directory) => LockFile.IsWritable(new(directory));

    /// <summary>Publishes the address of this process's server.</summary>
    /// <param name="address">The address for programs on this machine.</param>
    /// <param name="cancellationToken">Stops writing.</param>
    public Task PublishAsync(Uri address, CancellationToken cancellationToken = default) =>
        HolderFile.WriteAsync(_files, _holder with { Address = address }, cancellationToken);

    /// <summary>Withdraws the address; this process still holds the directory.</summary>
    /// <param name="cancellationToken">Stops writing.</param>
    public async Task WithdrawAsync(CancellationToken cancellationToken = default)
    {
        try
        {
            await HolderFile.WriteAsync(_files, _holder, cancellationToken);
        }
        catch (QuiverException)
        {
            // A full disk must not keep a server from stopping: without the file the holder is unknown, but the lock still shows that there is one.
            HolderFile.Delete(_files);
        }
    }

    /// <summary>Releases the directory. Removes it when this process created it and stored nothing.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_released)
        {
            return;
        }

        _released = true;

        // Before the lock is released: afterwards the file may be another process's.
        try
        {
            HolderFile.Delete(_files);
            await _files.RemoveUnusedAsync(_created);
        }
        finally
        {
            await _file.DisposeAsync();
        }
    }

    private static ConflictException Locked(string directory, DataDirectoryHolder? holder)
    {
        var who = holder is null or { Pid: 0 } ? "Another process" : $"'{holder.Purpose}' (process {holder.Pid}, since {holder.StartedAt:u})";
        var remedy = holder?.Address is { } address
            ? $"use it with --server {address.GetLeftPart(UriPartial.Authority)}, or name another directory with --data"
            : "wait until it has ended, stop it, or name another directory with --data";
        return new(ErrorCodes.DataDirectoryLocked, $"{who} holds the data directory '{directory}': {remedy}.");
    }
}
