using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace Quiver.Silo.Telemetry;

/// <summary>Builds the providers that send metrics and traces over OTLP.</summary>
internal static class TelemetryExport
{
    private static readonly string[] Meters = ["Quiver.*", "Microsoft.Orleans*", "System.Runtime", "System.Net.Http", "Microsoft.AspNetCore.Hosting"];
    private static readonly string[] Sources = ["Quiver.*", "Microsoft.Orleans*", "System.Net.Http", "Microsoft.AspNetCore"];

    public static MeterProvider Metrics(TelemetryOptions options) =>
        Sdk.CreateMeterProviderBuilder()
            .SetResourceBuilder(Resource())
            .AddMeter(Meters)
            .AddOtlpExporter((exporter, reader) =>
            {
                Direct(exporter, options, "v1/metrics");
                if (options.MetricInterval is { } interval)
                {
                    reader.PeriodicExportingMetricReaderOptions.ExportIntervalMilliseconds = (int)interval.TotalMilliseconds;
                }
            })
            .Build();

    public static TracerProvider Traces(TelemetryOptions options) =>
        Sdk.CreateTracerProviderBuilder()
            .SetResourceBuilder(Resource())
            .AddSource(Sources)
            .AddOtlpExporter(exporter => Direct(exporter, options, "v1/traces"))
            .Build();

    // The variables come last: who runs the process has the last word on its name.
    private static ResourceBuilder Resource() =>
        ResourceBuilder.CreateEmpty()
            .AddTelemetrySdk()
            .AddService("quiver", serviceVersion: typeof(TelemetryExport).Assembly.GetName().Version?.ToString(3))
            .AddEnvironmentVariableDetector();

    private static void Direct(OtlpExporterOptions exporter, TelemetryOptions options, string path)
    {
        // Without an endpoint of Quiver's own the exporter has taken everything from OTEL_EXPORTER_OTLP_*.
        if (options.OtlpEndpoint is not { } endpoint)
        {
            return;
        }

        var grpc = options.OtlpProtocol == "grpc";
        exporter.Protocol = grpc ? OtlpExportProtocol.Grpc : OtlpExportProtocol.HttpProtobuf;
        exporter.Endpoint = grpc ? endpoint : new Uri(endpoint.AbsoluteUri.TrimEnd('/') + "/" + path);
    }
}
