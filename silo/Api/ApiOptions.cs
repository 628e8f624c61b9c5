namespace Quiver.Silo.Api;

/// <summary>Limits of the HTTP API. Section <c>Quiver:Api</c>.</summary>
public sealed class ApiOptions
{
    /// <summary>Where the settings are.</summary>
    public const string Section = "Quiver:Api";

    /// <summary>The largest body of a request in bytes, 1,024 to 104,857,600. Default: 1,048,576.</summary>
    public long MaxRequestBodyBytes { get; set; } = 1024 * 1024;

    /// <summary>The most bytes of all headers of a request, 4,096 to 1,048,576. Default: 32,768.</summary>
    public int MaxRequestHeadersBytes { get; set; } = 32 * 1024;

    /// <summary>The most headers of a request, 16 to 1,000. Default: 100.</summary>
    public int MaxRequestHeaderCount { get; set; } = 100;

    /// <summary>The most connections at a time, 1 to 100,000. Default: 1,000.</summary>
    public int MaxConnections { get; set; } = 1000;

    /// <summary>How often a silent event stream shows that it is alive, 10 ms to 1 minute. Default: 15 s.</summary>
    public TimeSpan EventHeartbeat { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>The most event streams open at a time, 1 to 100,000. Default: 500.</summary>
    public int MaxEventStreams { get; set; } = 500;

    /// <summary>The most event streams of one tenant, 1 to 100,000. Default: 100.</summary>
    public int MaxEventStreamsPerTenant { get; set; } = 100;

    /// <summary>
    /// Host names besides localhost and addresses that callers on this machine may use, such as that of a reverse proxy; <c>*</c> for any.
    /// Default: none.
    /// </summary>
    public IList<string> AllowedHosts { get; set; } = [];
}
