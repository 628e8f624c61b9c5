using System.ComponentModel.DataAnnotations;

namespace Quiver.Silo.Options;

/// <summary>Logs, metrics and traces: section <c>Quiver:Telemetry</c>.</summary>
public sealed class TelemetryOptions : IValidatableObject
{
    /// <summary>The section.</summary>
    public const string Section = "Quiver:Telemetry";

    /// <summary>
    /// OTLP endpoint of metrics and traces. Without it the environment variable <c>OTEL_EXPORTER_OTLP_ENDPOINT</c> applies; without both, nothing is
    /// exported. The other <c>OTEL_*</c> variables apply as OpenTelemetry defines them. Default: null.
    /// </summary>
    public Uri? OtlpEndpoint { get; set; }

    /// <summary>Protocol of <see cref="OtlpEndpoint"/>: <c>grpc</c> or <c>http/protobuf</c>. Default: http/protobuf.</summary>
    [RegularExpression("grpc|http/protobuf", ErrorMessage = "grpc or http/protobuf")]
    public string OtlpProtocol { get; set; } = "http/protobuf";

    /// <summary>Export interval of metrics, 100 ms to 1 hour; null for OpenTelemetry's variable or its default of one minute. Default: null.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "01:00:00")]
    public TimeSpan? MetricInterval { get; set; }

    /// <summary>Minimum level of log entries; <c>Logging:LogLevel</c> refines it by category. Default: Information.</summary>
    public LogLevel LogLevel { get; set; } = LogLevel.Information;

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (OtlpEndpoint is not (null or { IsAbsoluteUri: true, Scheme: "http" or "https" }))
        {
            yield return new ValidationResult(
                $"{Section}:{nameof(OtlpEndpoint)} is '{OtlpEndpoint}': set it to an absolute http or https address.", [nameof(OtlpEndpoint)]);
        }

        if (string.IsNullOrEmpty(OtlpProtocol))
        {
            // An empty text passes the attribute.
            yield return new ValidationResult($"{Section}:{nameof(OtlpProtocol)} is empty: set it to grpc or http/protobuf.", [nameof(OtlpProtocol)]);
        }
    }
}
