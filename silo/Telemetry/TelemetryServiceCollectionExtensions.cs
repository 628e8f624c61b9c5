using Microsoft.Extensions.Options;
using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;
using Quiver.Silo.Options;

namespace Quiver.Silo.Telemetry;

/// <summary>Registers telemetry.</summary>
public static class TelemetryServiceCollectionExtensions
{
    private const string EndpointVariable = "OTEL_EXPORTER_OTLP_ENDPOINT";

    private static readonly string[] Meters = ["Quiver.*", "Microsoft.Orleans*", "System.Runtime", "System.Net.Http", "Microsoft.AspNetCore.Hosting"];
    private static readonly string[] Sources = ["Quiver.*", "Microsoft.Orleans*", "System.Net.Http", "Microsoft.AspNetCore"];

    /// <summary>
    /// Exports metrics and traces over OTLP when an endpoint is configured. Otherwise nothing is loaded or measured. Call it before adding the
    /// services whose stop it should still record.
    /// </summary>
    /// <param name="services">The services.</param>
    /// <param name="configuration">The settings; <c>OTEL_EXPORTER_OTLP_ENDPOINT</c> may also be in it.</param>
    public static IServiceCollection AddQuiverTelemetry(this IServiceCollection services, IConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        services.AddSettings(configuration, SettingUse.Telemetry);
        if (string.IsNullOrEmpty(configuration[$"{TelemetryOptions.Section}:{nameof(TelemetryOptions.OtlpEndpoint)}"])
            && string.IsNullOrEmpty(configuration[EndpointVariable])
            && string.IsNullOrEmpty(Environment.GetEnvironmentVariable(EndpointVariable)))
        {
            return services;
        }

        services.AddSingleton(static provider => CreateMetrics(provider.GetRequiredService<IOptions<TelemetryOptions>>().Value));
        services.AddSingleton(static provider => CreateTraces(provider.GetRequiredService<IOptions<TelemetryOptions>>().Value));
        services.AddHostedService<TelemetryService>();
        return services;
    }

    private static MeterProvider CreateMetrics(TelemetryOptions options) =>
        Sdk.CreateMeterProviderBuilder()
            .SetResourceBuilder(CreateResource())
            .AddMeter(Meters)
            .AddOtlpExporter((exporter, reader) =>
            {
                Configure(exporter, options, "v1/metrics");
                if (options.MetricInterval is { } interval)
                {
                    reader.PeriodicExportingMetricReaderOptions.ExportIntervalMilliseconds = (int)interval.TotalMilliseconds;
                }
            })
            .Build();

    private static TracerProvider CreateTraces(TelemetryOptions options) =>
        Sdk.CreateTracerProviderBuilder()
            .SetResourceBuilder(CreateResource())
            .AddSource(Sources)
            .AddOtlpExporter(exporter => Configure(exporter, options, "v1/traces"))
            .Build();

    // The variables come last, so that an operator can override the name.
    private static ResourceBuilder CreateResource() =>
        ResourceBuilder.CreateEmpty()
            .AddTelemetrySdk()
            .AddService("quiver", serviceVersion: typeof(TelemetryServiceCollectionExtensions).Assembly.GetName().Version?.ToString(3))
            .AddEnvironmentVariableDetector();

    private static void Configure(OtlpExporterOptions exporter, TelemetryOptions options, string path)
    {
        // Without an endpoint in Quiver's settings the exporter has read everything from OTEL_EXPORTER_OTLP_*.
        if (options.OtlpEndpoint is not { } endpoint)
        {
            return;
        }

        var grpc = options.OtlpProtocol == "grpc";
        exporter.Protocol = grpc ? OtlpExportProtocol.Grpc : OtlpExportProtocol.HttpProtobuf;
        exporter.Endpoint = grpc ? endpoint : new Uri(endpoint.AbsoluteUri.TrimEnd('/') + "/" + path);
    }
}

/// <summary>Creates the providers when the host starts, and exports what is left when it stops.</summary>
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
            LogNotFlushed(logger);
        }
    }

    [LoggerMessage(4201, LogLevel.Warning, "The last metrics and traces could not be exported")]
    private static partial void LogNotFlushed(ILogger logger);
}
