namespace Quiver.Client.Grains;

/// <summary>How the client over grains reads, and what it does when a silo is lost.</summary>
public sealed class GrainClientOptions
{
    /// <summary>
    /// How long a watch hears nothing before it asks the ledger whether it missed something, 10 ms to 1 minute. Default: 2 s.
    /// </summary>
    public TimeSpan WatchQuietPeriod { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>Live events that wait for a slow watcher; beyond, the oldest is dropped and read from the ledger instead. 1 to 65,536. Default: 256.</summary>
    public int WatchCapacity { get; set; } = 256;

    /// <summary>
    /// Attempts after the first at a call whose silo was lost, 0 to 10; calls that are not to be made twice are never repeated. Default: 0, because
    /// in one process there is nobody else to ask; 6 in a cluster.
    /// </summary>
    public int RetryAttempts { get; set; }

    /// <summary>The first wait before another attempt, doubled each time and spread at random, 1 ms to 10 s. Default: 250 ms.</summary>
    public TimeSpan RetryBaseDelay { get; set; } = TimeSpan.FromMilliseconds(250);

    /// <summary>Events and points read with one call, 1 to 1,000. Default: 500.</summary>
    public int PageSize { get; set; } = 500;
}
