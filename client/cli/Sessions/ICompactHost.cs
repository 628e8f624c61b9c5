namespace Quiver.Cli.Sessions;

/// <summary>Shrinks the files of a data directory; implemented by the host.</summary>
public interface ICompactHost
{
    /// <summary>Shrinks every store of a data directory, one after the other. An interruption loses nothing.</summary>
    /// <param name="directory">The absolute path of the data directory.</param>
    /// <param name="cancellationToken">Stops after the current store.</param>
    /// <returns>The stores with their sizes.</returns>
    /// <exception cref="InvalidRequestException">With <see cref="ErrorCodes.InvalidOption"/>: there is no such directory.</exception>
    /// <exception cref="ConflictException">With <see cref="ErrorCodes.DataDirectoryLocked"/>: another process holds it.</exception>
    /// <exception cref="PermanentException">With <see cref="ErrorCodes.StorageFull"/>: there is no space for the copy of a store.</exception>
    Task<ImmutableArray<CompactedStore>> RunAsync(string directory, CancellationToken cancellationToken);
}

/// <summary>A store that was compacted.</summary>
/// <param name="Name">What it is, such as <c>embedding cache</c>.</param>
/// <param name="Path">Its file or folder.</param>
/// <param name="BytesBefore">Its size before.</param>
/// <param name="BytesAfter">Its size after.</param>
public sealed record CompactedStore(string Name, string Path, long BytesBefore, long BytesAfter);
