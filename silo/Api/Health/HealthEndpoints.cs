using Microsoft.Extensions.Diagnostics.HealthChecks;
using Quiver.Client.Json;
using Quiver.Client.Requests;
using Quiver.Silo.Api.OpenApi;

namespace Quiver.Silo.Api.Health;

/// <summary>Probes for load balancers and orchestrators.</summary>
internal static partial class HealthEndpoints
{
    private static readonly TimeSpan CheckTimeout = TimeSpan.FromSeconds(5);
    private static readonly Readiness Ready = new("ok", ImmutableDictionary<string, string>.Empty);

    /// <summary>
    /// Adds a check of <c>/health/ready</c>. It is a singleton, runs at every probe and has five seconds; its description is the reason that callers
    /// see, so it holds no secrets or paths. A repeated call changes nothing.
    /// </summary>
    /// <param name="services">The services.</param>
    /// <param name="name">A short name, such as <c>model</c>.</param>
    public static IServiceCollection AddReadinessCheck<T>(this IServiceCollection services, string name)
        where T : class, IHealthCheck
    {
        if (!services.Any(static service => service.ServiceType == typeof(T)))
        {
            services.AddSingleton<T>();
            services.AddHealthChecks().AddCheck<T>(name, failureStatus: null, tags: [], CheckTimeout);
        }

        return services;
    }

    public static void Map(IEndpointRouteBuilder routes)
    {
        var health = routes.MapGroup("/health").WithTags("Health");
        health.MapGet("/live", static () => TypedResults.Ok(Ready))
            .WithName("live")
            .WithSummary("Answers while the process can answer at all.")
            .Probe();
        health.MapGet("/ready", ReadyAsync)
            .WithName("ready")
            .WithSummary("Whether requests may be sent here: started, not draining, the model loadable.")
            .Produces<Readiness>()
            .Produces<Readiness>(StatusCodes.Status503ServiceUnavailable)
            .Probe();
    }

    private static RouteHandlerBuilder Probe(this RouteHandlerBuilder endpoint) => endpoint
        .Fails(403, RequestErrorCodes.ForbiddenOrigin)
        .Fails(500, ErrorCodes.Internal);

    private static async Task<IResult> ReadyAsync(HealthCheckService checks, ILoggerFactory logging, CancellationToken cancellationToken)
    {
        var report = await checks.CheckHealthAsync(cancellationToken);
        if (report.Status == HealthStatus.Healthy)
        {
            return TypedResults.Ok(Ready);
        }

        var reasons = ImmutableDictionary.CreateBuilder<string, string>();
        foreach (var (name, entry) in report.Entries.Where(static entry => entry.Value.Status != HealthStatus.Healthy))
        {
            if (entry.Exception is not null)
            {
                LogCheckFailed(logging.CreateLogger(typeof(HealthEndpoints)), entry.Exception, name);
            }

            reasons[name] = entry.Exception is null ? entry.Description ?? "Not ready." : "The check itself failed; see the log.";
        }

        return TypedResults.Json(
            new("unavailable", reasons.ToImmutable()), QuiverJsonContext.Shared.Readiness, statusCode: StatusCodes.Status503ServiceUnavailable);
    }

    [LoggerMessage(4010, LogLevel.Warning, "The readiness check {Check} failed")]
    private static partial void LogCheckFailed(ILogger logger, Exception exception, string check);
}

/// <summary>Healthy from the end of the start to the beginning of the drain.</summary>
internal sealed class HostReadinessCheck(IHostApplicationLifetime lifetime) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) => Task.FromResult(
        lifetime.ApplicationStopping.IsCancellationRequested ? HealthCheckResult.Unhealthy("The server is draining.")
        : lifetime.ApplicationStarted.IsCancellationRequested ? HealthCheckResult.Healthy()
        : HealthCheckResult.Unhealthy("The server is starting."));
}
