namespace Quiver.Client.Requests;

/// <summary>RFC 9457 problem details as Quiver writes them.</summary>
public sealed record Problem
{
    /// <summary>The content type.</summary>
    public const string ContentType = "application/problem+json";

    /// <summary>A URI for the kind of problem: <c>urn:quiver:error:&lt;code&gt;</c>.</summary>
    public required string Type { get; init; }

    /// <summary>The kind of problem in a few words, the same for every problem of the code.</summary>
    public required string Title { get; init; }

    /// <summary>The HTTP status.</summary>
    public required int Status { get; init; }

    /// <summary>One sentence that says what to do.</summary>
    public string? Detail { get; init; }

    /// <summary>The path that was asked for.</summary>
    public string? Instance { get; init; }

    /// <summary>Stable snake_case code; what programs should look at.</summary>
    public required string Code { get; init; }

    /// <summary>The trace that the server's log shows beside the problem.</summary>
    public string? TraceId { get; init; }
}
