using Quiver.Client.Cli.Doctor;

namespace Quiver.Silo.Commands.Doctor;

/// <summary>The checks that need only this machine; the host adds those of the model.</summary>
internal static class DoctorChecks
{
    /// <summary>Data directory, disk space and memory.</summary>
    /// <param name="directory">The data directory, absolute.</param>
    /// <param name="holder">Says who holds the directory; null when nobody does.</param>
    public static IReadOnlyList<IDoctorCheck> OfMachine(string directory, Func<string, string?> holder) =>
    [
        new DataDirectoryCheck(directory, holder),
        new DiskSpaceCheck(directory, DiskSpaceCheck.OfDrive),
        new MemoryCheck(MemoryCheck.OfMachine),
    ];
}
