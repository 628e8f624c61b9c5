using System.Runtime.InteropServices;

namespace Quiver.Silo.Hosting;

/// <summary>
/// Limits the heaps of the C library. glibc gives each thread its own heap, up to eight per processor, and each heap keeps the peak of its thread
/// (the JIT compiler and SQLite allocate in bursts). During a long job the process would grow by many unused megabytes, whatever the job's size.
/// </summary>
internal static class NativeHeaps
{
    /// <summary><c>M_ARENA_MAX</c> of glibc's <c>mallopt(3)</c>.</summary>
    private const int ArenaMax = -8;

    private const int MaxHeaps = 1;

    private delegate int Mallopt(int parameter, int value);

    /// <summary>Stops glibc from creating more heaps. Does nothing with another C library, or when <c>MALLOC_ARENA_MAX</c> is set.</summary>
    public static void Limit()
    {
        if (OperatingSystem.IsLinux()
            && Environment.GetEnvironmentVariable("MALLOC_ARENA_MAX") is null
            && NativeLibrary.TryGetExport(NativeLibrary.GetMainProgramHandle(), "mallopt", out var mallopt))
        {
            _ = Marshal.GetDelegateForFunctionPointer<Mallopt>(mallopt)(ArenaMax, MaxHeaps);
        }
    }
}
