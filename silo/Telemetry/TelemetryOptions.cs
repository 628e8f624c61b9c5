namespace Quiver.Silo.Telemetry;

/// <summary>Logs, metrics and traces. Section <c>Quiver:Telemetry</c>.</summary>
public sealed class TelemetryOptions
{
    /// <summary>Where the settings are.</summary>
    public const string Section = "Quiver:Telemetry";

    /// <summary>
    /// Where metrics and traces go; without it, and without the environment variable <c>OTEL_EXPORTER_OTLP_ENDPOINT</c>, they go nowhere.
    /// The other <c>OTEL_*</c> variables hold as OpenTelemetry defines them. Default: null.
    /// </summary>
    public Uri? OtlpEndpoint { get; set; }

    /// <summary>How <see cref="OtlpEndpoint"/> is talked to: <c>grpc</c> or <c>http/protobuf</c>. Default: http/protobuf.</summary>
    public string OtlpProtocol { get; set; } = "http/protobuf";

    /// <summary>How often metrics are sent, 100 ms to 1 hour; null for OpenTelemetry's minute, or what its variable says. Default: null.</summary>
    public TimeSpan? MetricInterval { get; set; }

    /// <summary>The least level that is logged; <c>Logging:LogLevel</c> refines it by category. Default: Information.</summary>
    public LogLevel LogLevel { get; set; } = LogLevel.Information;
}
