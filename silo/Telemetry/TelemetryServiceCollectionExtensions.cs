using Microsoft.Extensions.Options;

namespace Quiver.Silo.Telemetry;

/// <summary>Registers telemetry.</summary>
public static class TelemetryServiceCollectionExtensions
{
    private const string EndpointVariable = "OTEL_EXPORTER_OTLP_ENDPOINT";

    /// <summary>
    /// Sends metrics and traces over OTLP when an endpoint is configured; otherwise nothing is loaded and nothing measured. Call it before
    /// adding the services whose stop shall still be seen.
    /// </summary>
    /// <param name="services">Where to add it.</param>
    /// <param name="configuration">The settings; also asked for <c>OTEL_EXPORTER_OTLP_ENDPOINT</c>.</param>
    public static IServiceCollection AddQuiverTelemetry(this IServiceCollection services, IConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        var section = configuration.GetSection(TelemetryOptions.Section);
        services.AddOptions<TelemetryOptions>().Bind(section).ValidateOnStart();
        services.AddSingleton<IValidateOptions<TelemetryOptions>, TelemetryOptionsValidator>();
        if (string.IsNullOrEmpty(section[nameof(TelemetryOptions.OtlpEndpoint)])
            && string.IsNullOrEmpty(configuration[EndpointVariable])
            && string.IsNullOrEmpty(Environment.GetEnvironmentVariable(EndpointVariable)))
        {
            return services;
        }

        services.AddSingleton(static provider => TelemetryExport.Metrics(provider.GetRequiredService<IOptions<TelemetryOptions>>().Value));
        services.AddSingleton(static provider => TelemetryExport.Traces(provider.GetRequiredService<IOptions<TelemetryOptions>>().Value));
        services.AddHostedService<TelemetryService>();
        return services;
    }
}
