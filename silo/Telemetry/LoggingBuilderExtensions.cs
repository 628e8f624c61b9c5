using Microsoft.Extensions.Logging.Console;
using Quiver.Silo.Options;

namespace Quiver.Silo.Telemetry;

/// <summary>Sets up logging.</summary>
public static class LoggingBuilderExtensions
{
    /// <summary>Logs JSON lines with scopes, so that entries about a job carry its tenant and its id.</summary>
    /// <param name="logging">The logging to set up.</param>
    /// <param name="configuration">The settings <c>Quiver:Telemetry:LogLevel</c> and <c>Logging</c>.</param>
    /// <param name="toStandardError">True for commands, whose standard output is their result.</param>
    /// <param name="level">Overrides the setting; null for the setting.</param>
    public static ILoggingBuilder AddQuiverLogging(
        this ILoggingBuilder logging, IConfiguration configuration, bool toStandardError = false, LogLevel? level = null)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        var minimum = level ?? configuration.GetValue($"{TelemetryOptions.Section}:{nameof(TelemetryOptions.LogLevel)}", LogLevel.Information);
        logging.SetMinimumLevel(minimum);

        // The framework logs each request, Orleans and Polly each of their steps; Quiver's own lines summarize them. Orleans at Debug writes a
        // thousand lines for one command.
        var minimumOfLibraries = minimum < LogLevel.Information ? LogLevel.Information : minimum > LogLevel.Warning ? minimum : LogLevel.Warning;
        foreach (var category in new[] { "Microsoft", "Orleans", "Polly" })
        {
            logging.AddFilter(category, minimumOfLibraries);
        }

        // Both warn at every start: the silo recommends the server garbage collector, which would take a heap for each processor, and the watchdog
        // takes the machine's uptime for a delay.
        foreach (var category in new[] { "Orleans.Runtime.Silo", "Orleans.Runtime.Watchdog" })
        {
            logging.AddFilter(category, minimumOfLibraries > LogLevel.Error ? minimumOfLibraries : LogLevel.Error);
        }

        // The caller reports why a host did not start, and the answer of /health/ready why it is not ready.
        logging.AddFilter("Microsoft.Extensions.Hosting.Internal.Host", LogLevel.None);
        logging.AddFilter("Microsoft.Extensions.Diagnostics.HealthChecks", LogLevel.None);
        logging.AddConfiguration(configuration.GetSection("Logging"));
        logging.AddJsonConsole(static json =>
        {
            json.IncludeScopes = true;
            json.UseUtcTimestamp = true;
            json.TimestampFormat = "yyyy-MM-dd'T'HH:mm:ss.fff'Z'";
        });
        if (toStandardError)
        {
            logging.Services.Configure<ConsoleLoggerOptions>(static console => console.LogToStandardErrorThreshold = LogLevel.Trace);
        }

        return logging;
    }
}
