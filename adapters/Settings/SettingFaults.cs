using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Reflection;
using Microsoft.Extensions.Options;

namespace Quiver.Adapters.Settings;

/// <summary>
/// Describes values that validation attributes refuse, in the same words as all other settings. Generated validators run first, so starting
/// with valid settings uses no reflection. An attribute's own message states the valid texts.
/// </summary>
internal static class SettingFaults
{
    /// <summary>A generated validator's result, with sentences that say what to change.</summary>
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
            foreach (var attribute in property.GetCustomAttributes<ValidationAttribute>().Where(attribute => !attribute.IsValid(value)))
            {
                yield return string.Create(CultureInfo.InvariantCulture, $"{section}:{property.Name} is '{value}': set it to {Expected(attribute)}.");
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

    private static string Expected(ValidationAttribute attribute) => attribute switch
    {
        RangeAttribute range => string.Create(
            CultureInfo.InvariantCulture, $"{(range.OperandType == typeof(TimeSpan) ? "a time" : "a number")} from {range.Minimum} to {range.Maximum}"),
        StringLengthAttribute length => string.Create(CultureInfo.InvariantCulture, $"at most {length.MaximumLength} characters"),
        _ => attribute.ErrorMessage ?? "a valid value",
    };
}
