using Quiver.Client.Requests;

namespace Quiver.Silo.Api.OpenApi;

/// <summary>How endpoints describe themselves.</summary>
internal static class EndpointDescriptionExtensions
{
    /// <summary>Gives an endpoint its operation id and its sentence, and the failures that every endpoint of <c>/v1</c> shares.</summary>
    public static RouteHandlerBuilder Describe(this RouteHandlerBuilder endpoint, string name, string summary) =>
        endpoint
            .WithName(name)
            .WithSummary(summary)
            .Fails(400, RequestErrorCodes.InvalidTenant)
            .Fails(403, RequestErrorCodes.ForbiddenOrigin)
            .Fails(503, ErrorCodes.ServerUnavailable)
            .Fails(504, ErrorCodes.Timeout)
            .Fails(500, ErrorCodes.Internal);

    /// <summary>Says what a failure of this status means; codes of one status add up.</summary>
    public static RouteHandlerBuilder Fails(this RouteHandlerBuilder endpoint, int status, params string[] codes) =>
        endpoint.WithMetadata(new FailureMetadata(status, [.. codes]));

    /// <summary>The endpoint reads a JSON body of this type itself.</summary>
    public static RouteHandlerBuilder Reads<T>(this RouteHandlerBuilder endpoint)
        where T : notnull =>
        endpoint
            .Accepts<T>("application/json")
            .Fails(400, RequestErrorCodes.InvalidRequest)
            .Fails(413, RequestErrorCodes.RequestTooLarge)
            .Fails(415, RequestErrorCodes.UnsupportedMediaType);

    /// <summary>The endpoint is about one job.</summary>
    public static RouteHandlerBuilder OfJob(this RouteHandlerBuilder endpoint) =>
        endpoint.Fails(400, RequestErrorCodes.InvalidJob).Fails(404, ErrorCodes.UnknownJob);

    /// <summary>The endpoint is about one collection.</summary>
    public static RouteHandlerBuilder OfCollection(this RouteHandlerBuilder endpoint) =>
        endpoint.Fails(400, RequestErrorCodes.InvalidCollection).Fails(404, ErrorCodes.UnknownCollection);
}
