using System.Diagnostics;

namespace Quiver.Tests.Support;

/// <summary>A real file system in memory with a size of its own, mounted on a new folder; unmounted when disposed.</summary>
internal sealed class SmallDisk : IAsyncDisposable
{
    private SmallDisk(string path) => Path = path;

    public string Path { get; }

    /// <summary>Mounts a disk. Skips the test where that is not allowed.</summary>
    /// <param name="path">The folder to create and to mount it on.</param>
    /// <param name="megabytes">Its size.</param>
    public static async Task<SmallDisk> MountAsync(string path, int megabytes)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && Environment.IsPrivilegedProcess, "Only root on Linux can mount a small disk.");
        Directory.CreateDirectory(path);
        var refusal = await RunAsync("mount", "-t", "tmpfs", "-o", $"size={megabytes}m", "tmpfs", path);
        Assert.SkipUnless(refusal is null, $"A small disk cannot be mounted here: {refusal}");
        return new(path);
    }

    /// <summary>Makes it larger.</summary>
    public Task GrowAsync(int megabytes) => RemountAsync($"size={megabytes}m");

    /// <summary>Refuses writes.</summary>
    public Task ProtectAsync() => RemountAsync("ro");

    /// <summary>Writes a file until nothing more fits. Deleting it makes room again.</summary>
    /// <returns>Its path.</returns>
    public string Fill()
    {
        var path = System.IO.Path.Combine(Path, "filler");
        using var file = new FileStream(path, FileMode.Append, FileAccess.Write, FileShare.None, 0);
        var block = new byte[64 << 10];
        for (var size = block.Length; size > 0;)
        {
            try
            {
                file.Write(block, 0, size);
            }
            catch (IOException)
            {
                size /= 2;
            }
        }

        return path;
    }

    public async ValueTask DisposeAsync() => await RunAsync("umount", "-l", Path);

    private async Task RemountAsync(string option)
    {
        var refusal = await RunAsync("mount", "-o", $"remount,{option}", Path);
        Assert.True(refusal is null, refusal);
    }

    /// <returns>Null when the program succeeded, otherwise what it said.</returns>
    private static async Task<string?> RunAsync(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
        var error = await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        return process.ExitCode == 0 ? null : error.Trim();
    }
}
