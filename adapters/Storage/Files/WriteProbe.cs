namespace Quiver.Adapters.Storage.Files;

/// <summary>Finds out whether a folder can be written. Permission bits do not show read-only mounts, quotas and full disks; only writing does.</summary>
internal static class WriteProbe
{
    // More than what a file system keeps beside the file's own blocks, so that a full disk is noticed.
    private const int Bytes = 64 << 10;

    /// <summary>Writes a temporary file in a folder and removes it.</summary>
    /// <exception cref="QuiverException">See <see cref="FileFaults.Classify"/>.</exception>
    public static void Run(string folder)
    {
        try
        {
            using var probe = new FileStream(
                Path.Combine(folder, $".quiver-probe-{Path.GetRandomFileName()}"), FileMode.CreateNew, FileAccess.Write, FileShare.Delete, 1, FileOptions.DeleteOnClose);
            probe.Write(new byte[Bytes]);
        }
        catch (Exception exception) when (FileFaults.IsOne(exception))
        {
            throw FileFaults.Classify(exception, folder);
        }
    }
}
