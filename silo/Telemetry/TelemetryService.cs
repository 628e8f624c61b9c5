using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;

namespace Quiver.Silo.Telemetry;

/// <summary>Brings the providers to life with the host, and sends what is left when it stops.</summary>
internal sealed partial class TelemetryService(IServiceProvider services, ILogger<TelemetryService> logger) : IHostedService
{
    private const int FlushTimeoutMilliseconds = 3000;

    private MeterProvider? _metrics;
    private TracerProvider? _traces;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        _metrics = services.GetRequiredService<MeterProvider>();
        _traces = services.GetRequiredService<TracerProvider>();
        return Task.CompletedTask;
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        // Flushing blocks its thread.
        var flushed = await Task.Factory.StartNew(
            () => (_metrics?.ForceFlush(FlushTimeoutMilliseconds) ?? true) & (_traces?.ForceFlush(FlushTimeoutMilliseconds) ?? true),
            cancellationToken,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default);
        if (!flushed)
        {
            LogNotFlushed();
        }
    }

    [LoggerMessage(4201, LogLevel.Warning, "The last metrics and traces could not be sent")]
    private partial void LogNotFlushed();
}
