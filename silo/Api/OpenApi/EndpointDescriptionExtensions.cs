using Quiver.Client.Requests;

namespace Quiver.Silo.Api.OpenApi;

/// <summary>Describes endpoints for OpenAPI.</summary>
internal static class EndpointDescriptionExtensions
{
    /// <summary>Adds operation id and summary, and the failures that all endpoints of <c>/v1</c> share.</summary>
    public static RouteHandlerBuilder Describe(this RouteHandlerBuilder endpoint, string name, string summary) =>
        endpoint
            .WithName(name)
            .WithSummary(summary)
            .Fails(400, RequestErrorCodes.InvalidTenant)
            .Fails(403, RequestErrorCodes.ForbiddenOrigin)
            .Fails(503, ErrorCodes.ServerUnavailable)
            .Fails(504, ErrorCodes.Timeout)
            .Fails(500, ErrorCodes.Internal);

    /// <summary>Adds error codes of a status; repeated calls add up.</summary>
    public static RouteHandlerBuilder Fails(this RouteHandlerBuilder endpoint, int status, params string[] codes) =>
        endpoint.WithMetadata(new FailureMetadata(status, [.. codes]));

    /// <summary>Declares the JSON body that the endpoint reads.</summary>
    public static RouteHandlerBuilder Reads<T>(this RouteHandlerBuilder endpoint)
        where T : notnull =>
        endpoint
            .Accepts<T>("application/json")
            .Fails(400, RequestErrorCodes.InvalidRequest)
            .Fails(413, RequestErrorCodes.RequestTooLarge)
            .Fails(415, RequestErrorCodes.UnsupportedMediaType);

    /// <summary>Adds the failures of endpoints of one job.</summary>
    public static RouteHandlerBuilder OfJob(this RouteHandlerBuilder endpoint) =>
        endpoint.Fails(400, RequestErrorCodes.InvalidJob).Fails(404, ErrorCodes.UnknownJob);

    /// <summary>Adds the failures of endpoints of one collection.</summary>
    public static RouteHandlerBuilder OfCollection(this RouteHandlerBuilder endpoint) =>
        endpoint.Fails(400, RequestErrorCodes.InvalidCollection).Fails(404, ErrorCodes.UnknownCollection);
}

/// <summary>The error codes of one HTTP status of an endpoint.</summary>
internal sealed record FailureMetadata(int Status, ImmutableArray<string> Codes);
