using Microsoft.Extensions.Options;

namespace Quiver.Silo.Api;

/// <summary>Reports all that is wrong at once, each with what to change.</summary>
internal sealed class ApiOptionsValidator : IValidateOptions<ApiOptions>
{
    public ValidateOptionsResult Validate(string? name, ApiOptions options)
    {
        List<string> faults = [];
        Range(nameof(options.MaxRequestBodyBytes), options.MaxRequestBodyBytes, 1024, 100 * 1024 * 1024);
        Range(nameof(options.MaxRequestHeadersBytes), options.MaxRequestHeadersBytes, 4096, 1024 * 1024);
        Range(nameof(options.MaxRequestHeaderCount), options.MaxRequestHeaderCount, 16, 1000);
        Range(nameof(options.MaxConnections), options.MaxConnections, 1, 100_000);
        Range(nameof(options.MaxEventStreams), options.MaxEventStreams, 1, 100_000);
        Range(nameof(options.MaxEventStreamsPerTenant), options.MaxEventStreamsPerTenant, 1, 100_000);
        if (options.EventHeartbeat < TimeSpan.FromMilliseconds(10) || options.EventHeartbeat > TimeSpan.FromMinutes(1))
        {
            faults.Add($"{ApiOptions.Section}:{nameof(options.EventHeartbeat)} is {options.EventHeartbeat}: set it from 10 ms to 1 minute.");
        }

        return faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);

        void Range(string option, long value, long least, long most)
        {
            if (value < least || value > most)
            {
                faults.Add($"{ApiOptions.Section}:{option} is {value}: set it from {least} to {most}.");
            }
        }
    }
}
