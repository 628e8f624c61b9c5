namespace Quiver.Cli.Sessions;

/// <summary>Finds and repairs damage in what Quiver has stored; implemented by the host.</summary>
public interface IRepairHost
{
    /// <summary>Checks every file of a data directory, or with the settings of a cluster every table of its database, and rebuilds what can be rebuilt.</summary>
    /// <param name="directory">The absolute path of the data directory.</param>
    /// <param name="dryRun">Whether it only finds out what it would do.</param>
    /// <param name="cancellationToken">Stops; a later run continues.</param>
    /// <returns>Everything that was checked.</returns>
    /// <exception cref="InvalidRequestException">With <see cref="ErrorCodes.InvalidOption"/>: there is no such directory.</exception>
    /// <exception cref="ConflictException">With <see cref="ErrorCodes.DataDirectoryLocked"/>: another process holds it.</exception>
    /// <exception cref="PermanentException">With <see cref="ErrorCodes.StorageUnavailable"/> or <see cref="ErrorCodes.StorageFull"/>.</exception>
    Task<ImmutableArray<RepairedStore>> RunAsync(string directory, bool dryRun, CancellationToken cancellationToken);
}

/// <summary>A store that was checked.</summary>
/// <param name="Name">What it is, such as <c>ledger</c>.</param>
/// <param name="Damage">What is wrong with it: a sentence; null when nothing is.</param>
/// <param name="Repair">What the repair does, or did: sentences; null without damage, and for damage that it cannot repair.</param>
/// <param name="Lost">What cannot be rebuilt: a sentence; null when nothing is lost.</param>
public sealed record RepairedStore(string Name, string? Damage = null, string? Repair = null, string? Lost = null);
