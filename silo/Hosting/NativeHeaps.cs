using System.Runtime.InteropServices;

namespace Quiver.Silo.Hosting;

/// <summary>
/// The C library's heaps. glibc gives each thread one of its own, up to eight for each processor, and each keeps what its thread once needed, as the runtime's
/// compiler and SQLite do now and then: over a long job a process then grows by many megabytes that nobody uses, whatever the job's size.
/// </summary>
internal static class NativeHeaps
{
    /// <summary><c>M_ARENA_MAX</c> of glibc's <c>mallopt(3)</c>.</summary>
    private const int ArenaMax = -8;

    private const int Heaps = 1;

    private delegate int Mallopt(int parameter, int value);

    /// <summary>From now on no more heaps are made than there are. Does nothing where the C library is another one, or its user has said how many there shall be.</summary>
    public static void Share()
    {
        if (OperatingSystem.IsLinux()
            && Environment.GetEnvironmentVariable("MALLOC_ARENA_MAX") is null
            && NativeLibrary.TryGetExport(NativeLibrary.GetMainProgramHandle(), "mallopt", out var mallopt))
        {
            _ = Marshal.GetDelegateForFunctionPointer<Mallopt>(mallopt)(ArenaMax, Heaps);
        }
    }
}
