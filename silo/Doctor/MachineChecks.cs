using System.Globalization;
using Quiver.Adapters.Storage.Files;
using Quiver.Cli.Doctor;

namespace Quiver.Silo.Doctor;

/// <summary>Checks that the data directory can be created and written, and names the process that holds it.</summary>
/// <param name="directory">Absolute; need not exist.</param>
/// <param name="holder">Describes the process that holds the directory; null when no process does.</param>
internal sealed class DataDirectoryCheck(string directory, Func<string, CancellationToken, Task<string?>> holder) : IDoctorCheck
{
    private const string Elsewhere = "Choose another directory with --data DIR or QUIVER__DATA__DIRECTORY, or correct its owner and permissions.";

    public string Name => "data directory";

    public async Task<DoctorResult> RunAsync(CancellationToken cancellationToken)
    {
        if (File.Exists(directory))
        {
            return DoctorResult.Fail($"{directory} is a file.", Elsewhere);
        }

        var exists = Directory.Exists(directory);
        var writable = exists ? directory : NearestFolder(directory);
        if (writable is null)
        {
            return DoctorResult.Fail($"{directory} cannot be created: its parent is not a folder.", Elsewhere);
        }

        try
        {
            WriteProbe.Run(writable);
        }
        catch (QuiverException exception)
        {
            return DoctorResult.Fail(
                exists ? exception.Message : $"{directory} cannot be created: {exception.Message}",
                exception.Code == ErrorCodes.StorageFull ? DiskSpaceCheck.More : Elsewhere);
        }

        if (!exists)
        {
            return DoctorResult.Ok($"{directory} does not exist yet and can be created.");
        }

        return await holder(directory, cancellationToken) is { } name
            ? DoctorResult.Ok($"{directory} is writable and held by {name}.")
            : DoctorResult.Ok($"{directory} is writable, and no process holds it.");
    }

    private static string? NearestFolder(string path)
    {
        var folder = Path.GetDirectoryName(path);
        while (folder is not null && !Path.Exists(folder))
        {
            folder = Path.GetDirectoryName(folder);
        }

        return File.Exists(folder) ? null : folder;
    }
}

/// <summary>Checks the free space of the data directory.</summary>
/// <param name="directory">The data directory, absolute; need not exist.</param>
/// <param name="freeBytes">Returns the free bytes of an existing folder.</param>
internal sealed class DiskSpaceCheck(string directory, Func<string, long> freeBytes) : IDoctorCheck
{
    private const long Megabyte = 1L << 20;
    private const long WarnBelow = 2_048 * Megabyte;
    private const long FailBelow = 256 * Megabyte;

    /// <summary>The remedy for a full disk.</summary>
    public const string More = "Free some space (quiver compact shrinks Quiver's own files), or choose a directory on another disk with --data DIR.";

    public string Name => "disk space";

    /// <summary>Free bytes as reported by the operating system.</summary>
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
        return Task.FromResult(free < FailBelow ? DoctorResult.Fail(found, More) : free < WarnBelow ? DoctorResult.Warn(found, More) : DoctorResult.Ok(found));
    }
}

/// <summary>Checks that there is memory for the model and an index.</summary>
/// <param name="availableBytes">Returns the bytes that this process can still allocate.</param>
internal sealed class MemoryCheck(Func<long> availableBytes) : IDoctorCheck
{
    private const long Megabyte = 1L << 20;
    private const long WarnBelow = 1_024 * Megabyte;
    private const long FailBelow = 384 * Megabyte;
    private const string More = "End other programs, raise the container's limit, or ingest with a smaller --max-in-flight.";

    public string Name => "memory";

    /// <summary>Free memory as reported by the operating system, or the container's limit if that is lower.</summary>
    public static long OfMachine()
    {
        var limit = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;
        return File.Exists(MemoryInfo.Path) && MemoryInfo.Available(File.ReadLines(MemoryInfo.Path)) is { } free ? Math.Min(limit, free) : limit;
    }

    public Task<DoctorResult> RunAsync(CancellationToken cancellationToken)
    {
        var free = availableBytes();
        var found = $"{(free / Megabyte).ToString("N0", CultureInfo.InvariantCulture)} MB available.";
        return Task.FromResult(free < FailBelow ? DoctorResult.Fail(found, More) : free < WarnBelow ? DoctorResult.Warn(found, More) : DoctorResult.Ok(found));
    }
}

/// <summary>Parses <c>/proc/meminfo</c>.</summary>
internal static class MemoryInfo
{
    public const string Path = "/proc/meminfo";

    private const string Label = "MemAvailable:";
    private const int BytesPerUnit = 1024;

    /// <summary>Bytes that can be allocated without swapping; null when the lines have no such value.</summary>
    public static long? Available(IEnumerable<string> lines)
    {
        var line = lines.FirstOrDefault(line => line.StartsWith(Label, StringComparison.Ordinal));
        var number = line?[Label.Length..].Replace("kB", "", StringComparison.Ordinal);
        return long.TryParse(number, NumberStyles.Integer, CultureInfo.InvariantCulture, out var units) ? units * BytesPerUnit : null;
    }
}
