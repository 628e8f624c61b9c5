namespace Quiver.Silo.DataDirectory;

/// <summary>
/// Holds a data directory for this process; the operating system lets go of it when the process ends, however it ends. Beside the lock,
/// <c>server.json</c> says who holds it and where it serves.
/// </summary>
public sealed class DataDirectoryLock : IAsyncDisposable
{
    private readonly FileStream _file;
    private readonly DataDirectoryHolder _holder;
    private bool _released;

    private DataDirectoryLock(string directory, FileStream file, DataDirectoryHolder holder)
    {
        Directory = directory;
        _file = file;
        _holder = holder;
    }

    /// <summary>The directory, absolute.</summary>
    public string Directory { get; }

    /// <summary>Takes a directory, which is created when missing, for something else than to run its jobs.</summary>
    /// <param name="directory">An absolute path.</param>
    /// <param name="purpose">What for, as others shall read it: <c>quiver ingest</c>.</param>
    /// <param name="time">The clock.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="ConflictException">With <see cref="ErrorCodes.DataDirectoryLocked"/>: another process holds it.</exception>
    /// <exception cref="PermanentException">With <see cref="ErrorCodes.StorageUnavailable"/>.</exception>
    public static Task<DataDirectoryLock> AcquireAsync(string directory, string purpose, TimeProvider time, CancellationToken cancellationToken = default) =>
        AcquireAsync(directory, purpose, runsJobs: false, time, cancellationToken);

    /// <summary>Takes a directory, which is created when missing.</summary>
    /// <param name="directory">An absolute path.</param>
    /// <param name="purpose">What for, as others shall read it: <c>quiver ingest</c>.</param>
    /// <param name="runsJobs">Whether the caller runs the directory's jobs.</param>
    /// <param name="time">The clock.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="ConflictException">With <see cref="ErrorCodes.DataDirectoryLocked"/>: another process holds it.</exception>
    /// <exception cref="PermanentException">With <see cref="ErrorCodes.StorageUnavailable"/>.</exception>
    public static async Task<DataDirectoryLock> AcquireAsync(
        string directory, string purpose, bool runsJobs, TimeProvider time, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(time);
        QuiverDataDirectory.Create(directory);
        if (await LockFile.TryTakeAsync(directory, time, cancellationToken) is not { } file)
        {
            throw Locked(directory, await HolderFile.ReadAsync(directory, cancellationToken));
        }

        try
        {
            var holder = new DataDirectoryHolder(null, Environment.ProcessId, time.GetUtcNow(), purpose, runsJobs ? true : null);
            await HolderFile.WriteAsync(directory, holder, cancellationToken);
            return new(directory, file, holder);
        }
        catch
        {
            await file.DisposeAsync();
            throw;
        }
    }

    /// <summary>
    /// The server that holds a directory; null when nobody holds it, so that the caller may take it. What a killed server left behind is
    /// ignored.
    /// </summary>
    /// <param name="directory">An absolute path; need not exist.</param>
    /// <param name="time">The clock.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="ConflictException">With <see cref="ErrorCodes.DataDirectoryLocked"/>: a process holds it that serves nobody.</exception>
    public static async Task<DataDirectoryHolder?> TryFindServerAsync(string directory, TimeProvider time, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(time);
        if (!LockFile.IsHeld(directory))
        {
            return null;
        }

        var holder = await HolderFile.ReadAsync(directory, cancellationToken);
        return holder?.Address is null ? throw Locked(directory, holder) : holder;
    }

    /// <summary>Who holds a directory, server or not; null when no process does. One that does not say who it is counts as one that serves nothing.</summary>
    /// <param name="directory">An absolute path; need not exist, need not be writable.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="PermanentException">With <see cref="ErrorCodes.StorageUnavailable"/>.</exception>
    public static async Task<DataDirectoryHolder?> FindHolderAsync(string directory, CancellationToken cancellationToken = default) => LockFile.IsHeld(directory)
        ? await HolderFile.ReadAsync(directory, cancellationToken) ?? new(null, 0, default, "another process")
        : null;

    /// <summary>True when this process may write the files of a directory; false for a missing one.</summary>
    /// <param name="directory">An absolute path.</param>
    public static bool IsWritable(string directory) => LockFile.IsWritable(directory);

    /// <summary>Says who holds a directory, such as "quiver serve (process 42)"; null when nobody does.</summary>
    /// <param name="directory">An absolute path; need not exist.</param>
    /// <param name="time">The clock.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public static async Task<string?> DescribeHolderAsync(string directory, TimeProvider time, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(time);
        if (!LockFile.IsHeld(directory))
        {
            return null;
        }

        var holder = await HolderFile.ReadAsync(directory, cancellationToken);
        return holder is null ? "another process" : $"{holder.Purpose} (process {holder.Pid}{(holder.Address is { } address ? $", at {address}" : "")})";
    }

    /// <summary>The address of the server that holds a directory; null when nobody does, or a process that serves nobody.</summary>
    /// <param name="directory">An absolute path; need not exist.</param>
    /// <param name="time">The clock.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public static async Task<Uri?> FindAddressAsync(string directory, TimeProvider time, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(time);
        return LockFile.IsHeld(directory) ? (await HolderFile.ReadAsync(directory, cancellationToken))?.Address : null;
    }

    /// <summary>Tells others where this process serves.</summary>
    /// <param name="address">The address for programs on this machine.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public Task PublishAsync(Uri address, CancellationToken cancellationToken = default) =>
        HolderFile.WriteAsync(Directory, _holder with { Address = address }, cancellationToken);

    /// <summary>Tells others that this process serves no more, while it still holds the directory.</summary>
    /// <param name="cancellationToken">Gives up.</param>
    public Task WithdrawAsync(CancellationToken cancellationToken = default) => HolderFile.WriteAsync(Directory, _holder, cancellationToken);

    /// <summary>Lets go of the directory.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_released)
        {
            return;
        }

        _released = true;

        // Before the lock goes: afterwards the file may be another process's.
        HolderFile.Delete(Directory);
        await _file.DisposeAsync();
    }

    private static ConflictException Locked(string directory, DataDirectoryHolder? holder)
    {
        var who = holder is null ? "Another process" : $"'{holder.Purpose}' (process {holder.Pid}, since {holder.StartedAt:u})";
        var remedy = holder?.Address is { } address
            ? $"talk to it with --server {address.GetLeftPart(UriPartial.Authority)} or name another directory with --data"
            : "wait until it has ended, stop it, or name another directory with --data";
        return new(ErrorCodes.DataDirectoryLocked, $"{who} holds the data directory '{directory}': {remedy}.");
    }
}
