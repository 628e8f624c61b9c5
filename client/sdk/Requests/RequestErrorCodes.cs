namespace Quiver.Client.Requests;

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
