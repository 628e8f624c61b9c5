using Microsoft.Extensions.Logging.Console;

namespace Quiver.Silo.Telemetry;

/// <summary>Sets up logging.</summary>
public static class LoggingBuilderExtensions
{
    /// <summary>JSON lines with scopes, so that what concerns a job carries its tenant and its id.</summary>
    /// <param name="logging">What to set up.</param>
    /// <param name="configuration">The settings <c>Quiver:Telemetry:LogLevel</c> and <c>Logging</c>.</param>
    /// <param name="toStandardError">For commands, whose standard output is their result.</param>
    /// <param name="level">Goes before the setting; null for the setting.</param>
    public static ILoggingBuilder AddQuiverLogging(
        this ILoggingBuilder logging, IConfiguration configuration, bool toStandardError = false, LogLevel? level = null)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        var least = level ?? configuration.GetValue($"{TelemetryOptions.Section}:{nameof(TelemetryOptions.LogLevel)}", LogLevel.Information);
        logging.SetMinimumLevel(least);

        // The framework logs each request, Orleans and the retries each of their steps; Quiver's own lines say what matters of it. Orleans at Debug is
        // a thousand lines for one command.
        var leastOfOthers = least < LogLevel.Information ? LogLevel.Information : least > LogLevel.Warning ? least : LogLevel.Warning;
        foreach (var category in new[] { "Microsoft", "Orleans", "Polly" })
        {
            logging.AddFilter(category, leastOfOthers);
        }

        // At each start the one recommends the server garbage collector, which would take a heap for each processor, and the other takes the time that
        // the machine has been up for a delay.
        foreach (var category in new[] { "Orleans.Runtime.Silo", "Orleans.Runtime.Watchdog" })
        {
            logging.AddFilter(category, leastOfOthers > LogLevel.Error ? leastOfOthers : LogLevel.Error);
        }

        // What the host cannot start with is said in one sentence by whoever asked it to start.
        logging.AddFilter("Microsoft.Extensions.Hosting.Internal.Host", LogLevel.None);
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
