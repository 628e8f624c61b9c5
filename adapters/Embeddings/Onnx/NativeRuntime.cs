using System.Runtime.InteropServices;
using Microsoft.ML.OnnxRuntime;

namespace Quiver.Adapters.Embeddings.Onnx;

/// <summary>Starts the native ONNX Runtime once for the process, with its telemetry off: Quiver sends nothing home.</summary>
internal static partial class NativeRuntime
{
    private const string TelemetrySwitch = "ORT_DISABLE_TELEMETRY";
    private static readonly Lock Gate = new();
    private static bool _started;

    /// <summary>Starts the runtime unless it runs.</summary>
    /// <exception cref="PermanentException">Code <see cref="ErrorCodes.ModelUnavailable"/>: the native library is missing or of another version.</exception>
    public static void EnsureStarted()
    {
        lock (Gate)
        {
            if (_started)
            {
                return;
            }

            try
            {
                DisableTelemetry();
                var options = new EnvironmentCreationOptions { logId = "quiver", logLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR };
                OrtEnv.CreateInstanceWithOptions(ref options);
                _started = true;
            }
            catch (Exception e) when (e is TypeInitializationException or DllNotFoundException or EntryPointNotFoundException or BadImageFormatException)
            {
                throw new PermanentException(
                    ErrorCodes.ModelUnavailable,
                    $"The native library of ONNX Runtime cannot be loaded on this platform ({RuntimeInformation.RuntimeIdentifier}): build Quiver here with `dotnet build silo`.",
                    e);
            }
        }
    }

    private static void DisableTelemetry()
    {
        Environment.SetEnvironmentVariable(TelemetrySwitch, "1");
        if (!OperatingSystem.IsWindows())
        {
            // On Unix .NET keeps a copy of the environment of its own; the native library reads the real one.
            _ = SetNativeVariable(TelemetrySwitch, "1", 1);
        }
    }

    [LibraryImport("libc", EntryPoint = "setenv", StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int SetNativeVariable(string name, string value, int overwrite);
}
