using System.Reflection;
using Quiver.Client.Requests;
using Quiver.Silo.Api.Requests;

namespace Quiver.Silo.Api.OpenApi;

/// <summary>Describes endpoints for OpenAPI.</summary>
internal static class EndpointDescriptionExtensions
{
    /// <summary>Adds operation id and summary, and the failures that all endpoints of <c>/v1</c> share.</summary>
    public static RouteHandlerBuilder Describe(this RouteHandlerBuilder endpoint, string name, string summary) =>
        endpoint
            .WithName(name)
            .WithSummary(summary)
            .RefusesUnknownParameters()
            .Fails(400, RequestErrorCodes.InvalidTenant, RequestErrorCodes.InvalidRequest)
            .Fails(403, RequestErrorCodes.ForbiddenOrigin)
            .Fails(429, ErrorCodes.ServerUnavailable)
            .Fails(503, ErrorCodes.ServerUnavailable, ErrorCodes.StorageUnavailable)
            .Fails(504, ErrorCodes.Timeout)
            .Fails(500, ErrorCodes.Internal, ErrorCodes.StorageDamaged, ErrorCodes.StorageUnavailable);

    /// <summary>Makes the server refuse query parameters that the handler does not have.</summary>
    public static TBuilder RefusesUnknownParameters<TBuilder>(this TBuilder endpoint)
        where TBuilder : IEndpointConventionBuilder
    {
        endpoint.Add(static builder => builder.Metadata.Add(new QueryParameters(
            builder.Metadata.OfType<MethodInfo>().FirstOrDefault(),
            builder is RouteEndpointBuilder route ? route.RoutePattern.Parameters.Select(static parameter => parameter.Name) : [])));
        return endpoint;
    }

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

    /// <summary>Adds the failure of endpoints that write: the disk or the vector store is full.</summary>
    public static RouteHandlerBuilder Writes(this RouteHandlerBuilder endpoint) => endpoint.Fails(507, ErrorCodes.StorageFull);

    /// <summary>Adds the failures of endpoints that embed a text: those of the model's provider.</summary>
    public static RouteHandlerBuilder Embeds(this RouteHandlerBuilder endpoint) =>
        endpoint
            .Fails(422, ErrorCodes.RefusedText, ErrorCodes.DocumentTooLarge)
            .Fails(429, ErrorCodes.ProviderThrottled, ErrorCodes.ProviderQuotaSpent, ErrorCodes.ProviderBudgetSpent, ErrorCodes.ProviderBusy, ErrorCodes.ProviderCircuitOpen)
            .Fails(500, ErrorCodes.ProviderDenied, ErrorCodes.ProviderQuotaExhausted, ErrorCodes.ProviderUnavailable, ErrorCodes.ModelUnavailable, ErrorCodes.DimensionMismatch)
            .Fails(503, ErrorCodes.ProviderUnavailable, ErrorCodes.InvalidEmbedding);

    /// <summary>Adds the failures of endpoints of one job.</summary>
    public static RouteHandlerBuilder OfJob(this RouteHandlerBuilder endpoint) =>
        endpoint.Fails(400, RequestErrorCodes.InvalidJob).Fails(404, ErrorCodes.UnknownJob);

    /// <summary>Adds the failures of endpoints of one collection.</summary>
    public static RouteHandlerBuilder OfCollection(this RouteHandlerBuilder endpoint) =>
        endpoint.Fails(400, RequestErrorCodes.InvalidCollection).Fails(404, ErrorCodes.UnknownCollection);
}

/// <summary>The error codes of one HTTP status of an endpoint.</summary>
internal sealed record FailureMetadata(int Status, ImmutableArray<string> Codes);
