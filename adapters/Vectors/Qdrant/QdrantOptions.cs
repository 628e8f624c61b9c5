namespace Quiver.Adapters.Vectors.Qdrant;

/// <summary>Settings of the Qdrant server, section <c>Quiver:Qdrant</c>.</summary>
public sealed class QdrantOptions
{
    /// <summary>The section of the configuration.</summary>
    public const string Section = "Quiver:Qdrant";

    /// <summary>The server's address, http or https, without a path. Default: <c>http://localhost:6333</c>.</summary>
    public string Address { get; set; } = "http://localhost:6333";

    /// <summary>The API key; sent as a header, never logged. Default: none.</summary>
    public string? ApiKey { get; set; }

    /// <summary>How long connecting may take, 100 ms to 1 min. Default: 5 s.</summary>
    public TimeSpan ConnectTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>How long a question may take, 100 ms to 4 min. Default: 30 s.</summary>
    public TimeSpan ReadTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How long writing or deleting points may take, 100 ms to 4 min. Default: 1 min.</summary>
    public TimeSpan WriteTimeout { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>How long creating or changing a collection may take, 1 s to 9 min; a change waits for optimizations under way. Default: 5 min.</summary>
    public TimeSpan AdminTimeout { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>Writes of one physical collection in flight from this process, 1 to 64; the others wait. Default: 4.</summary>
    public int MaxInFlight { get; set; } = 4;

    /// <summary>The most bytes of a request with points, 65,536 to 33,554,432; the server has a limit of its own, 32 MB unless set otherwise. Default: 5,000,000.</summary>
    public int MaxRequestBytes { get; set; } = 5_000_000;

    /// <summary>Further attempts after a lost connection or a server's fault, 0 to 10; a job tries on beyond that. Default: 2.</summary>
    public int RetryAttempts { get; set; } = 2;

    /// <summary>The first wait before another attempt, 1 ms to 1 min; it doubles, with jitter. Default: 200 ms.</summary>
    public TimeSpan RetryBaseDelay { get; set; } = TimeSpan.FromMilliseconds(200);
}
