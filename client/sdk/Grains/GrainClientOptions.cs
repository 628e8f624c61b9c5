using Microsoft.Extensions.Options;

namespace Quiver.Client.Grains;

/// <summary>How the client over grains pages, watches and retries.</summary>
public sealed class GrainClientOptions
{
    /// <summary>How long a watch waits for a live event before it reads the ledger for missed ones, 10 ms to 1 minute. Default: 2 s.</summary>
    public TimeSpan WatchQuietPeriod { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>Live events buffered for a slow watcher, 1 to 65,536; when full, the oldest is dropped and read from the ledger. Default: 256.</summary>
    public int WatchCapacity { get; set; } = 256;

    /// <summary>
    /// Retries of a call whose silo was lost, 0 to 10. Calls that are not safe to repeat are never retried. Default: 0, because a single silo has no
    /// replacement; 6 in a cluster.
    /// </summary>
    public int RetryAttempts { get; set; }

    /// <summary>The first retry delay, 1 ms to 10 s; it doubles with each attempt, with jitter. Default: 250 ms.</summary>
    public TimeSpan RetryBaseDelay { get; set; } = TimeSpan.FromMilliseconds(250);

    /// <summary>Events and points read per call, 1 to 1,000. Default: 500.</summary>
    public int PageSize { get; set; } = 500;
}

/// <summary>Reports every invalid option at once.</summary>
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

        if (options.PageSize is < 1 or > RequestValidator.MaxPage)
        {
            faults.Add($"PageSize is {options.PageSize}: set it from 1 to {RequestValidator.MaxPage}.");
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
