using Microsoft.Extensions.Options;

namespace Quiver.Client.Grains;

/// <summary>Reports all that is wrong at once, each with what to change.</summary>
internal sealed class GrainClientOptionsValidator : IValidateOptions<GrainClientOptions>
{
    public ValidateOptionsResult Validate(string? name, GrainClientOptions options)
    {
        List<string> faults = [];
        if (options.WatchQuietPeriod < TimeSpan.FromMilliseconds(10) || options.WatchQuietPeriod > TimeSpan.FromMinutes(1))
        {
            faults.Add($"WatchQuietPeriod is {options.WatchQuietPeriod}: set it from 10 ms to 1 minute.");
        }

        if (options.WatchCapacity is < 1 or > 65_536)
        {
            faults.Add($"WatchCapacity is {options.WatchCapacity}: set it from 1 to 65,536.");
        }

        if (options.PageSize is < 1 or > 1000)
        {
            faults.Add($"PageSize is {options.PageSize}: set it from 1 to 1,000.");
        }

        if (options.RetryAttempts is < 0 or > 10)
        {
            faults.Add($"RetryAttempts is {options.RetryAttempts}: set it from 0 to 10.");
        }

        if (options.RetryBaseDelay < TimeSpan.FromMilliseconds(1) || options.RetryBaseDelay > TimeSpan.FromSeconds(10))
        {
            faults.Add($"RetryBaseDelay is {options.RetryBaseDelay}: set it from 1 ms to 10 s.");
        }

        return faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);
    }
}
