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

/// <summary>Stable codes of errors in the request itself; all others are in <see cref="ErrorCodes"/>.</summary>
public static class RequestErrorCodes
{
    /// <summary>The request cannot be parsed: malformed JSON, or an unknown or missing member.</summary>
    public const string InvalidRequest = "invalid_request";

    /// <summary>The tenant's name is invalid, or is not the client's.</summary>
    public const string InvalidTenant = "invalid_tenant";

    /// <summary>The job's id is invalid.</summary>
    public const string InvalidJob = "invalid_job";

    /// <summary>The collection's name is invalid.</summary>
    public const string InvalidCollection = "invalid_collection";

    /// <summary>No endpoint has this address.</summary>
    public const string UnknownRoute = "unknown_route";

    /// <summary>The endpoint does not support this method.</summary>
    public const string MethodNotAllowed = "method_not_allowed";

    /// <summary>The body is not <c>application/json</c>.</summary>
    public const string UnsupportedMediaType = "unsupported_media_type";

    /// <summary>The body exceeds the server's size limit.</summary>
    public const string RequestTooLarge = "request_too_large";

    /// <summary>A web page of another origin, or a foreign host name, called a server that listens on loopback only.</summary>
    public const string ForbiddenOrigin = "forbidden_origin";

    /// <summary>The limit of open event streams is reached.</summary>
    public const string TooManyStreams = "too_many_streams";

    /// <summary>The server is not a Quiver server, or of an incompatible version.</summary>
    public const string UnexpectedResponse = "unexpected_response";
}
