using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Reflection;
using Microsoft.Extensions.Options;

namespace Quiver.Adapters.Settings;

/// <summary>
/// Tells of values that the attributes on options refuse in the same words as all other settings. Generated validators look first, so that
/// starting with good settings reflects on nothing. An attribute's own message says what a text should be.
/// </summary>
internal static class SettingFaults
{
    /// <summary>What a generated validator found, in sentences that say what to change.</summary>
    /// <param name="found">What it found.</param>
    /// <param name="section">Where the settings are.</param>
    /// <param name="options">What was checked.</param>
    public static ValidateOptionsResult Describe(ValidateOptionsResult found, string section, object options)
    {
        ArgumentNullException.ThrowIfNull(found);
        return found.Failed && Find(section, options).ToList() is { Count: > 0 } sentences ? ValidateOptionsResult.Fail(sentences) : found;
    }

    private static IEnumerable<string> Find(string section, object options)
    {
        var context = new ValidationContext(options);
        foreach (var property in options.GetType().GetProperties())
        {
            var value = property.GetValue(options);
            foreach (var rule in property.GetCustomAttributes<ValidationAttribute>().Where(rule => !rule.IsValid(value)))
            {
                yield return string.Create(CultureInfo.InvariantCulture, $"{section}:{property.Name} is '{value}': set it to {Wanted(rule)}.");
            }

            if (property.IsDefined(typeof(ValidateObjectMembersAttribute)) && value is not null)
            {
                foreach (var sentence in Find($"{section}:{property.Name}", value))
                {
                    yield return sentence;
                }
            }
        }

        if (options is IValidatableObject whole)
        {
            foreach (var sentence in whole.Validate(context).Select(static result => result.ErrorMessage).OfType<string>())
            {
                yield return sentence;
            }
        }
    }

    private static string Wanted(ValidationAttribute rule) => rule switch
    {
        RangeAttribute range => string.Create(CultureInfo.InvariantCulture, $"{(range.OperandType == typeof(TimeSpan) ? "a time" : "a number")} from {range.Minimum} to {range.Maximum}"),
        StringLengthAttribute length => string.Create(CultureInfo.InvariantCulture, $"at most {length.MaximumLength} characters"),
        _ => rule.ErrorMessage ?? "what it may be",
    };
}
