using Microsoft.Extensions.DependencyInjection.Extensions;
using Quiver.Client.Json;
using Quiver.Silo.Api.Events;
using Quiver.Silo.Api.Health;
using Quiver.Silo.Api.OpenApi;
using Quiver.Silo.Api.Problems;
using Quiver.Silo.Api.Requests;

namespace Quiver.Silo.Api;

/// <summary>Registers and maps the HTTP API.</summary>
internal static class ApiServiceCollectionExtensions
{
    /// <summary>Adds the API. It needs the options of the server and an <see cref="Quiver.Client.IQuiverClientFactory"/>.</summary>
    public static IServiceCollection AddQuiverApi(this IServiceCollection services)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<EventStreamLimiter>();
        services.TryAddSingleton<JobEventsEndpoint>();
        services.AddReadinessCheck<HostReadinessCheck>("host");
        services.ConfigureHttpJsonOptions(static options => QuiverJsonContext.Apply(options.SerializerOptions));
        services.Configure<RouteHandlerOptions>(static options => options.ThrowOnBadRequest = true);
        services.AddOpenApi("v1", static options =>
        {
            options.AddDocumentTransformer<DocumentTransformer>();
            options.AddOperationTransformer<OperationTransformer>();
            options.AddSchemaTransformer<SchemaTransformer>();
        });
        return services;
    }

    /// <summary>Maps all endpoints. Failures become problem details.</summary>
    public static void UseQuiverApi(this WebApplication app)
    {
        app.UseMiddleware<ProblemMiddleware>();
        app.UseMiddleware<LocalCallersMiddleware>();
        app.UseMiddleware<QueryParametersMiddleware>();
        app.MapOpenApi("/openapi/{documentName}.json").RefusesUnknownParameters();
        HealthEndpoints.Map(app);
        ArtifactEndpoint.Map(app);
        var v1 = app.MapGroup("/v1");
        JobEndpoints.Map(v1);
        JobCommandEndpoints.Map(v1);
        JobEventsEndpoint.Map(v1);
        CollectionEndpoints.Map(v1);
        ChunkEndpoints.Map(v1);
        ProviderEndpoints.Map(v1);
    }
}
