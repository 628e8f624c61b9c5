namespace Quiver.Client.Grains;

/// <summary>How the in-process client reads.</summary>
public sealed class GrainClientOptions
{
    /// <summary>
    /// How long a watch hears nothing before it asks the ledger whether it missed something, 10 ms to 1 minute. Default: 2 s.
    /// </summary>
    public TimeSpan WatchQuietPeriod { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>Live events that wait for a slow watcher; beyond, the oldest is dropped and read from the ledger instead. 1 to 65,536. Default: 256.</summary>
    public int WatchCapacity { get; set; } = 256;

    /// <summary>Events and points read with one call, 1 to 1,000. Default: 500.</summary>
    public int PageSize { get; set; } = 500;
}
