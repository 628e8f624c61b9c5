namespace Quiver.Client.Requests;

/// <summary>Stable codes of what can be wrong with a request itself; the others are in <see cref="ErrorCodes"/>.</summary>
public static class RequestErrorCodes
{
    /// <summary>The request cannot be understood: malformed JSON, an unknown or a missing member.</summary>
    public const string InvalidRequest = "invalid_request";

    /// <summary>The tenant's name breaks the rule for names, or is not the client's.</summary>
    public const string InvalidTenant = "invalid_tenant";

    /// <summary>The job's name breaks the rule for names.</summary>
    public const string InvalidJob = "invalid_job";

    /// <summary>The collection's name breaks the rule for names.</summary>
    public const string InvalidCollection = "invalid_collection";

    /// <summary>Nothing answers at this address.</summary>
    public const string UnknownRoute = "unknown_route";

    /// <summary>The address does not take this method.</summary>
    public const string MethodNotAllowed = "method_not_allowed";

    /// <summary>The body is not <c>application/json</c>.</summary>
    public const string UnsupportedMediaType = "unsupported_media_type";

    /// <summary>The body is larger than the server takes.</summary>
    public const string RequestTooLarge = "request_too_large";

    /// <summary>A web page of another origin, or a foreign host name, asked a server that listens for this machine only.</summary>
    public const string ForbiddenOrigin = "forbidden_origin";

    /// <summary>As many event streams are open as may be.</summary>
    public const string TooManyStreams = "too_many_streams";

    /// <summary>What answered is not a Quiver server, or one that this client does not understand.</summary>
    public const string UnexpectedResponse = "unexpected_response";
}
