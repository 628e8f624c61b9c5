using System.ComponentModel.DataAnnotations;

namespace Quiver.Silo.Options;

/// <summary>Limits of the HTTP API: section <c>Quiver:Api</c>.</summary>
public sealed class ApiOptions
{
    /// <summary>The section.</summary>
    public const string Section = "Quiver:Api";

    /// <summary>Maximum size of a request body in bytes, 1,024 to 104,857,600. Default: 1,048,576.</summary>
    [Range(1024L, 100L * 1024 * 1024)]
    public long MaxRequestBodyBytes { get; set; } = 1024 * 1024;

    /// <summary>Maximum size of all headers of a request in bytes, 4,096 to 1,048,576. Default: 32,768.</summary>
    [Range(4096, 1024 * 1024)]
    public int MaxRequestHeadersBytes { get; set; } = 32 * 1024;

    /// <summary>Maximum number of headers of a request, 16 to 1,000. Default: 100.</summary>
    [Range(16, 1000)]
    public int MaxRequestHeaderCount { get; set; } = 100;

    /// <summary>Maximum number of open connections, 1 to 100,000. Default: 1,000.</summary>
    [Range(1, 100_000)]
    public int MaxConnections { get; set; } = 1000;

    /// <summary>Interval of the heartbeats on an event stream without events, 10 ms to 1 minute. Default: 15 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00.010", "00:01:00")]
    public TimeSpan EventHeartbeat { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>Maximum number of open event streams, 1 to 100,000. Default: 500.</summary>
    [Range(1, 100_000)]
    public int MaxEventStreams { get; set; } = 500;

    /// <summary>Maximum number of open event streams of one tenant, 1 to 100,000. Default: 100.</summary>
    [Range(1, 100_000)]
    public int MaxEventStreamsPerTenant { get; set; } = 100;

    /// <summary>
    /// Host names that callers on this machine may use in addition to localhost and IP addresses, such as the name of a reverse proxy; <c>*</c>
    /// allows any. Default: none.
    /// </summary>
    public IList<string> AllowedHosts { get; set; } = [];
}
