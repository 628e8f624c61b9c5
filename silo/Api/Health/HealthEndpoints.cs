using Quiver.Client.Json;
using Quiver.Client.Requests;

namespace Quiver.Silo.Api.Health;

/// <summary>For whoever decides where requests go and which processes live.</summary>
internal sealed partial class HealthEndpoints(IEnumerable<IReadinessCheck> checks, TimeProvider time, ILogger<HealthEndpoints> logger)
{
    private static readonly TimeSpan CheckTimeout = TimeSpan.FromSeconds(5);
    private static readonly Readiness Well = new("ok", ImmutableDictionary<string, string>.Empty);

    public static void Map(IEndpointRouteBuilder routes)
    {
        var health = routes.MapGroup("/health").WithTags("Health");
        health.MapGet("/live", static () => TypedResults.Ok(Well))
            .WithName("live")
            .WithSummary("Answers while the process can answer at all.");
        health.MapGet("/ready", static (HealthEndpoints endpoints, CancellationToken cancellationToken) => endpoints.ReadyAsync(cancellationToken))
            .WithName("ready")
            .WithSummary("Whether requests may be sent here: started, not draining, the model loadable.")
            .Produces<Readiness>()
            .Produces<Readiness>(StatusCodes.Status503ServiceUnavailable);
    }

    private async Task<IResult> ReadyAsync(CancellationToken cancellationToken)
    {
        using var timer = new CancellationTokenSource(CheckTimeout, time);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timer.Token);
        var faults = ImmutableDictionary.CreateBuilder<string, string>();
        foreach (var check in checks)
        {
            if (await FindFaultAsync(check, linked.Token) is { } fault)
            {
                faults[check.Name] = fault;
            }
        }

        return faults.Count == 0
            ? TypedResults.Ok(Well)
            : TypedResults.Json(new("unavailable", faults.ToImmutable()), QuiverJsonContext.Shared.Readiness, statusCode: StatusCodes.Status503ServiceUnavailable);
    }

    private async Task<string?> FindFaultAsync(IReadinessCheck check, CancellationToken cancellationToken)
    {
        try
        {
            return await check.FindFaultAsync(cancellationToken);
        }
        catch (Exception exception)
        {
            LogCheckFailed(exception, check.Name);
            return "The check itself failed; the log says why.";
        }
    }

    [LoggerMessage(4010, LogLevel.Warning, "The readiness check {Check} failed")]
    private partial void LogCheckFailed(Exception exception, string check);
}
