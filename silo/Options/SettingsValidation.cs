using Microsoft.Extensions.Options;

namespace Quiver.Silo.Options;

/// <summary>Checks all settings before anything is opened, and turns what the framework throws about them into one sentence.</summary>
internal static class SettingsValidation
{
    /// <summary>Checks every option that is validated at the start.</summary>
    /// <param name="services">The services of the host to be started.</param>
    /// <exception cref="InvalidRequestException">With <see cref="ErrorCodes.InvalidOption"/>: says all that is wrong.</exception>
    public static void Validate(IServiceProvider services)
    {
        try
        {
            services.GetService<IStartupValidator>()?.Validate();
        }
        catch (Exception e) when (Describe(e) is { } what)
        {
            throw Invalid(what, e);
        }
    }

    /// <summary>What is wrong with the settings; null when the exception tells of something else.</summary>
    /// <param name="error">What building or starting a host threw.</param>
    public static string? Describe(Exception error) => error switch
    {
        OptionsValidationException e => string.Join(" ", e.Failures.Select(Sentence)),
        AggregateException e when e.InnerExceptions.All(static inner => inner is OptionsValidationException) =>
            string.Join(" ", e.InnerExceptions.Select(Describe)),

        // The binder's word for a value that is no number, time or name; it says which setting and which value.
        InvalidOperationException { InnerException: FormatException or OverflowException or ArgumentException } e => Sentence(e.Message),
        _ => null,
    };

    /// <summary>The error for people.</summary>
    /// <param name="what">All that is wrong.</param>
    /// <param name="cause">What the framework threw.</param>
    public static InvalidRequestException Invalid(string what, Exception cause) => new(ErrorCodes.InvalidOption, what, cause);

    // A validator may give all its failures as one, with semicolons between them.
    private static string Sentence(string failure) => failure.TrimEnd('.', ' ') + ".";
}
