using System.Runtime.InteropServices;
using System.Text;

namespace Quiver.Silo.Hosting;

/// <summary>
/// Lets the process survive a limit on the size of files (<c>ulimit -f</c>), so that a write beyond it fails with a message. By default the system
/// ends the process with SIGXFSZ. On Linux the .NET runtime also keeps the code that it compiles in a file in memory, to which the limit applies: it
/// would abort with "Out of memory.".
/// </summary>
internal static class FileSizeLimit
{
    private const string Variable = "DOTNET_EnableWriteXorExecute";
    private const int FileSizeExceeded = 25; // SIGXFSZ of Linux and macOS
    private const int FileSizeResource = 1; // RLIMIT_FSIZE of Linux and macOS
    private const nint Ignore = 1; // SIG_IGN

    private delegate nint SignalFunction(int signal, nint handler);

    private delegate int GetLimitFunction(int resource, [Out] ulong[] limit);

    private delegate int SetVariableFunction(
        [MarshalAs(UnmanagedType.LPUTF8Str)] string name, [MarshalAs(UnmanagedType.LPUTF8Str)] string value, int overwrite);

    private delegate int ExecuteFunction(
        [MarshalAs(UnmanagedType.LPUTF8Str)] string path,
        [In, MarshalAs(UnmanagedType.LPArray, ArraySubType = UnmanagedType.LPStr)] string?[] arguments);

    /// <summary>Call it first: under a limit it may start the program again, in the same process and with the same arguments.</summary>
    public static void Survive()
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        _ = Find<SignalFunction>("signal")?.Invoke(FileSizeExceeded, Ignore);
        if (OperatingSystem.IsLinux() && Environment.GetEnvironmentVariable(Variable) is null && IsLimited())
        {
            StartAgain();
        }
    }

    private static bool IsLimited()
    {
        var limit = new ulong[2];
        return Find<GetLimitFunction>("getrlimit")?.Invoke(FileSizeResource, limit) == 0 && limit[0] != ulong.MaxValue;
    }

    /// <summary>The runtime reads the variable only when it starts. When the program cannot be started again, it runs on as it is.</summary>
    private static void StartAgain()
    {
        if (Find<SetVariableFunction>("setenv") is { } set && Find<ExecuteFunction>("execv") is { } execute && set(Variable, "0", 1) == 0)
        {
            var words = Encoding.UTF8.GetString(File.ReadAllBytes("/proc/self/cmdline")).Split('\0')[..^1];
            _ = execute("/proc/self/exe", [.. words, null]);
        }
    }

    private static T? Find<T>(string function)
        where T : Delegate =>
        NativeLibrary.TryGetExport(NativeLibrary.GetMainProgramHandle(), function, out var address) ? Marshal.GetDelegateForFunctionPointer<T>(address) : null;
}
