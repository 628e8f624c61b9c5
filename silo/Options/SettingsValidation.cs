using Microsoft.Extensions.Options;

namespace Quiver.Silo.Options;

/// <summary>Checks all settings before anything is opened, and reports every fault at once.</summary>
internal static class SettingsValidation
{
    /// <summary>Checks all options that are bound or that a library validates at start.</summary>
    /// <exception cref="InvalidRequestException">With <see cref="ErrorCodes.InvalidOption"/>: names everything that is wrong.</exception>
    public static void Validate(IServiceProvider services)
    {
        List<Exception> faults = [];
        foreach (var section in services.GetServices<BoundSection>())
        {
            Collect(() => section.Check(services));
        }

        Collect(() => services.GetService<IStartupValidator>()?.Validate());
        if (faults.Count > 0)
        {
            // One fault may make several options invalid.
            throw Invalid(string.Join(' ', faults.SelectMany(Sentences).Distinct()), faults[0]);
        }

        void Collect(Action check)
        {
            try
            {
                check();
            }
            catch (Exception exception) when (Describe(exception) is not null)
            {
                faults.Add(exception);
            }
        }
    }

    /// <summary>What is wrong with the settings; null when the exception is about something else.</summary>
    /// <param name="exception">What building or starting a host threw.</param>
    public static string? Describe(Exception exception) => Sentences(exception).ToList() is { Count: > 0 } sentences ? string.Join(' ', sentences) : null;

    /// <summary>The error to report.</summary>
    /// <param name="message">Everything that is wrong.</param>
    /// <param name="cause">What the framework threw.</param>
    public static InvalidRequestException Invalid(string message, Exception cause) => new(ErrorCodes.InvalidOption, message, cause);

    private static IEnumerable<string> Sentences(Exception exception) => exception switch
    {
        OptionsValidationException invalid => invalid.Failures.Select(Sentence),
        AggregateException all when all.InnerExceptions.All(static inner => inner is OptionsValidationException) => all.InnerExceptions.SelectMany(Sentences),

        // The binder's error for a value that cannot be converted; it names the setting and the value.
        InvalidOperationException { InnerException: FormatException or OverflowException or ArgumentException } conversion => [Sentence(conversion.Message)],
        _ => [],
    };

    // A validator may return all its failures as one, separated by semicolons.
    private static string Sentence(string failure) => failure.TrimEnd('.', ' ') + ".";
}
