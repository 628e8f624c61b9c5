namespace Quiver.Client.Requests;

/// <summary>RFC 9457 problem details, as the server writes them.</summary>
public sealed record Problem
{
    /// <summary>The content type.</summary>
    public const string ContentType = "application/problem+json";

    /// <summary>What the URI of a kind of problem begins with; the code follows.</summary>
    public const string TypePrefix = "urn:quiver:error:";

    /// <summary>The URI of the kind of problem: <c>urn:quiver:error:</c> and the code. docs/http.md lists all of them.</summary>
    public required string Type { get; init; }

    /// <summary>A short title, the same for every problem with this code.</summary>
    public required string Title { get; init; }

    /// <summary>The HTTP status.</summary>
    public required int Status { get; init; }

    /// <summary>One sentence that says what is wrong and what to do.</summary>
    public string? Detail { get; init; }

    /// <summary>The path of the request.</summary>
    public string? Instance { get; init; }

    /// <summary>The stable snake_case code, for programs.</summary>
    public required string Code { get; init; }

    /// <summary>The trace id, which the server's log shows next to the problem.</summary>
    public string? TraceId { get; init; }
}

/// <summary>The response of the health endpoints.</summary>
/// <param name="Status"><c>ok</c> or <c>unavailable</c>.</param>
/// <param name="Reasons">One sentence per failing check, by the check's name; empty when all pass.</param>
public sealed record Readiness(string Status, ImmutableDictionary<string, string> Reasons);
