using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using Quiver.Client.Json;
using Quiver.Silo.Api.Events;
using Quiver.Silo.Api.Health;
using Quiver.Silo.Api.OpenApi;
using Quiver.Silo.Api.Problems;

namespace Quiver.Silo.Api;

/// <summary>Registers and maps the HTTP API.</summary>
internal static class ApiServiceCollectionExtensions
{
    /// <summary>Adds what the API needs besides an <see cref="Quiver.Client.IQuiverClientFactory"/>.</summary>
    public static IServiceCollection AddQuiverApi(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<ApiOptions>().Bind(configuration.GetSection(ApiOptions.Section)).ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<ApiOptions>, ApiOptionsValidator>());
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<EventStreamLimiter>();
        services.TryAddSingleton<JobEventsEndpoint>();
        services.TryAddSingleton<HealthEndpoints>();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IReadinessCheck, HostReadinessCheck>());
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

    /// <summary>Maps every endpoint, behind the conversion of failures.</summary>
    public static void UseQuiverApi(this WebApplication app)
    {
        app.UseMiddleware<ProblemMiddleware>();
        app.UseMiddleware<LocalCallersMiddleware>();
        app.MapOpenApi("/openapi/{documentName}.json");
        HealthEndpoints.Map(app);
        ArtifactEndpoint.Map(app);
        var v1 = app.MapGroup("/v1");
        JobEndpoints.Map(v1);
        JobCommandEndpoints.Map(v1);
        JobEventsEndpoint.Map(v1);
        CollectionEndpoints.Map(v1);
        ProviderEndpoints.Map(v1);
    }
}
