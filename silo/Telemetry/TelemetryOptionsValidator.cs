using Microsoft.Extensions.Options;

namespace Quiver.Silo.Telemetry;

/// <summary>Reports all that is wrong at once, each with what to change.</summary>
internal sealed class TelemetryOptionsValidator : IValidateOptions<TelemetryOptions>
{
    public ValidateOptionsResult Validate(string? name, TelemetryOptions options)
    {
        List<string> faults = [];
        if (options.OtlpEndpoint is not (null or { IsAbsoluteUri: true, Scheme: "http" or "https" }))
        {
            faults.Add($"{TelemetryOptions.Section}:{nameof(options.OtlpEndpoint)} is '{options.OtlpEndpoint}': set it to an absolute http or https address.");
        }

        if (options.OtlpProtocol is not ("grpc" or "http/protobuf"))
        {
            faults.Add($"{TelemetryOptions.Section}:{nameof(options.OtlpProtocol)} is '{options.OtlpProtocol}': set it to grpc or http/protobuf.");
        }

        if (options.MetricInterval is { } interval && (interval < TimeSpan.FromMilliseconds(100) || interval > TimeSpan.FromHours(1)))
        {
            faults.Add($"{TelemetryOptions.Section}:{nameof(options.MetricInterval)} is {interval}: set it from 100 ms to 1 hour.");
        }

        return faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);
    }
}
