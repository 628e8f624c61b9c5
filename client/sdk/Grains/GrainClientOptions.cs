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
        var faults = new OptionFaults();
        faults.Range(nameof(options.WatchQuietPeriod), options.WatchQuietPeriod, TimeSpan.FromMilliseconds(10), TimeSpan.FromMinutes(1));
        faults.Range(nameof(options.WatchCapacity), options.WatchCapacity, 1, 65_536);
        faults.Range(nameof(options.PageSize), options.PageSize, 1, RequestValidator.MaxPage);
        faults.Range(nameof(options.RetryAttempts), options.RetryAttempts, 0, 10);
        faults.Range(nameof(options.RetryBaseDelay), options.RetryBaseDelay, TimeSpan.FromMilliseconds(1), TimeSpan.FromSeconds(10));
        return faults.ToResult();
    }
}
