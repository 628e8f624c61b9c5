namespace Quiver.Cli.Serving;

/// <summary>How to serve.</summary>
public sealed record ServeRequest
{
    /// <summary>The data directory, absolute; created when missing.</summary>
    public required string DataDirectory { get; init; }

    /// <summary>Addresses to listen on, each http or https; empty for those of the settings.</summary>
    public required ImmutableArray<string> Urls { get; init; }

    /// <summary>Whether logs are verbose. Default: false.</summary>
    public bool Verbose { get; init; }

    /// <summary>To be called once, when requests are answered, with the real addresses (a port 0 replaced).</summary>
    public required Action<ImmutableArray<string>> Started { get; init; }
}
