using System.Globalization;
using Quiver.Cli.Doctor;

namespace Quiver.Silo.Doctor;

/// <summary>There is room where the data lie.</summary>
/// <param name="directory">The data directory, absolute; need not exist.</param>
/// <param name="freeBytes">Gives the free bytes where an existing folder is.</param>
internal sealed class DiskSpaceCheck(string directory, Func<string, long> freeBytes) : IDoctorCheck
{
    private const long Megabyte = 1L << 20;
    private const long Comfortable = 2_048 * Megabyte;
    private const long Least = 256 * Megabyte;
    private const string More = "Free some space, or choose a directory on another disk with --data DIR.";

    public string Name => "disk space";

    /// <summary>Free bytes by the operating system.</summary>
    public static long OfDrive(string folder) => new DriveInfo(folder).AvailableFreeSpace;

    public Task<DoctorResult> RunAsync(CancellationToken cancellationToken)
    {
        var folder = directory;
        while (!Directory.Exists(folder) && Path.GetDirectoryName(folder) is { } parent)
        {
            folder = parent;
        }

        var free = freeBytes(folder);
        var found = $"{(free / Megabyte).ToString("N0", CultureInfo.InvariantCulture)} MB free at {folder}.";
        return Task.FromResult(free < Least ? DoctorResult.Fail(found, More) : free < Comfortable ? DoctorResult.Warn(found, More) : DoctorResult.Ok(found));
    }
}
