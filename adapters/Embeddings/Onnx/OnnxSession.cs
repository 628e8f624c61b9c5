using System.Diagnostics;
using System.Runtime.InteropServices;
using Microsoft.Extensions.Logging;
using Microsoft.ML.OnnxRuntime;

namespace Quiver.Adapters.Embeddings.Onnx;

/// <summary>The weights in memory: loaded on first use, shared by all threads.</summary>
internal sealed partial class OnnxSession(string path, ILogger logger) : IDisposable
{
    private readonly Lock _gate = new();
    private InferenceSession? _session;
    private bool _disposed;

    /// <summary>Loads on first use. A failed load is retried by the next caller.</summary>
    /// <exception cref="PermanentException">Code <see cref="ErrorCodes.ModelUnavailable"/>.</exception>
    public InferenceSession Get()
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            return _session ??= Load();
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _disposed = true;
            _session?.Dispose();
        }
    }

    private InferenceSession Load()
    {
        NativeRuntime.EnsureStarted();
        var started = Stopwatch.GetTimestamp();
        try
        {
            // One thread per run: there are many runs, and splitting one among threads costs a tenth. No arena: it would grow to the
            // largest of the varying shapes and keep that memory.
            using var options = new SessionOptions
            {
                IntraOpNumThreads = 1,
                InterOpNumThreads = 1,
                ExecutionMode = ExecutionMode.ORT_SEQUENTIAL,
                GraphOptimizationLevel = GraphOptimizationLevel.ORT_ENABLE_ALL,
                EnableCpuMemArena = false,
                EnableMemoryPattern = false,
                LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR,
            };
            options.AddSessionConfigEntry("session.intra_op.allow_spinning", "0");
            options.AddSessionConfigEntry("session.inter_op.allow_spinning", "0");
            var session = new InferenceSession(path, options);
            LogLoaded(logger, path, Stopwatch.GetElapsedTime(started).TotalMilliseconds);
            return session;
        }
        catch (OnnxRuntimeException exception)
        {
            throw LocalModelReader.Unavailable(
                $"ONNX Runtime cannot load {path}: {exception.Message} If it came with Quiver, delete it and run `dotnet build silo`; otherwise export the model again.", exception);
        }
    }

    [LoggerMessage(EventId = 3201, Level = LogLevel.Debug, Message = "Loaded {Path} in {Milliseconds:F0} ms")]
    private static partial void LogLoaded(ILogger logger, string path, double milliseconds);
}

/// <summary>Starts the native ONNX Runtime once per process, with its telemetry disabled.</summary>
internal static partial class NativeRuntime
{
    private const string TelemetrySwitch = "ORT_DISABLE_TELEMETRY";
    private static readonly Lock Gate = new();
    private static bool _started;

    /// <summary>Starts the runtime if it is not running.</summary>
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
            catch (Exception exception) when (
                exception is TypeInitializationException or DllNotFoundException or EntryPointNotFoundException or BadImageFormatException)
            {
                throw new PermanentException(
                    ErrorCodes.ModelUnavailable,
                    $"The native library of ONNX Runtime cannot be loaded on this platform ({RuntimeInformation.RuntimeIdentifier}): build Quiver here with `dotnet build silo`.",
                    exception);
            }
        }
    }

    private static void DisableTelemetry()
    {
        Environment.SetEnvironmentVariable(TelemetrySwitch, "1");
        if (!OperatingSystem.IsWindows())
        {
            // On Unix, .NET keeps its own copy of the environment; the native library reads the real one.
            _ = SetNativeVariable(TelemetrySwitch, "1", 1);
        }
    }

    [LibraryImport("libc", EntryPoint = "setenv", StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int SetNativeVariable(string name, string value, int overwrite);
}
