using System.Diagnostics;
using Microsoft.Extensions.Logging;
using Microsoft.ML.OnnxRuntime;

namespace Quiver.Adapters.Embeddings.Onnx;

/// <summary>The weights in memory: loaded when first needed, shared by all threads.</summary>
internal sealed partial class OnnxSession(string path, ILogger logger) : IDisposable
{
    private readonly Lock _gate = new();
    private InferenceSession? _session;
    private bool _disposed;

    /// <summary>Loads unless loaded. A failed load is tried again by the next caller: the cause may be gone.</summary>
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
            // One thread per run: runs are many, and sharing one among threads wastes a tenth. Without arena, because it would grow to
            // the largest of ever changing shapes and stay there.
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
        catch (OnnxRuntimeException e)
        {
            throw LocalModelReader.Unavailable($"ONNX Runtime cannot load {path}: {e.Message} Delete it and run `dotnet build silo` where it came with Quiver, or export the model again.", e);
        }
    }

    [LoggerMessage(EventId = 3201, Level = LogLevel.Debug, Message = "Loaded {Path} in {Milliseconds:F0} ms")]
    private static partial void LogLoaded(ILogger logger, string path, double milliseconds);
}
