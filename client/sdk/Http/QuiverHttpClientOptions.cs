namespace Quiver.Client.Http;

/// <summary>How to talk to a Quiver server.</summary>
public sealed class QuiverHttpClientOptions
{
    /// <summary>The server, absolute http or https, such as <c>http://127.0.0.1:7700</c>. Required.</summary>
    public Uri? BaseAddress { get; set; }

    /// <summary>Whose jobs and collections the default client sees. Default: default.</summary>
    public string Tenant { get; set; } = "default";

    /// <summary>The longest wait for a connection, 100 ms to 1 minute. Default: 5 s.</summary>
    public TimeSpan ConnectTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>The longest wait for one attempt of a request, 100 ms to 10 minutes. Default: 60 s.</summary>
    public TimeSpan RequestTimeout { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>The longest wait for a whole verify, 1 s to 24 hours. Default: 1 hour.</summary>
    public TimeSpan LongRequestTimeout { get; set; } = TimeSpan.FromHours(1);

    /// <summary>How often a request that may be repeated is tried again after a connection loss or a 503, 0 to 10. Default: 4.</summary>
    public int RetryAttempts { get; set; } = 4;

    /// <summary>The wait before the first further attempt; it doubles, with jitter. 1 ms to 10 s. Default: 200 ms.</summary>
    public TimeSpan RetryBaseDelay { get; set; } = TimeSpan.FromMilliseconds(200);

    /// <summary>The longest wait between attempts, 1 ms to 5 minutes. Default: 5 s.</summary>
    public TimeSpan RetryMaxDelay { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// How long an event stream may be silent before its connection counts as lost, 1 s to 10 minutes; must exceed the server's heartbeat of
    /// 15 s. Default: 45 s.
    /// </summary>
    public TimeSpan StreamIdleTimeout { get; set; } = TimeSpan.FromSeconds(45);

    /// <summary>How long a watch goes on trying without a connection, 0 to 24 hours. Default: 60 s.</summary>
    public TimeSpan WatchGiveUpAfter { get; set; } = TimeSpan.FromSeconds(60);
}
