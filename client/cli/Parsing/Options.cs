using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;

namespace Quiver.Cli.Parsing;

/// <summary>Makes options that refuse a bad value with one sentence that names the option and what it takes.</summary>
internal static class Options
{
    /// <summary>A text.</summary>
    public static Option<string?> Text(string name, string value, string description) =>
        new(name) { HelpName = value, Description = description, CustomParser = result => NotEmpty(result, name) };

    /// <summary>A text given any number of times.</summary>
    public static Option<string[]> Texts(string name, string value, string description) =>
        new(name) { HelpName = value, Description = description, Arity = ArgumentArity.OneOrMore };

    /// <summary>A switch.</summary>
    public static Option<bool> Flag(string name, string description) =>
        new(name) { Description = description, Arity = ArgumentArity.Zero };

    /// <summary>A whole number within a range.</summary>
    public static Option<long?> Whole(string name, string description, long least, long most) => new(name)
    {
        HelpName = "N",
        Description = description,
        CustomParser = result =>
        {
            var text = result.Tokens[0].Value;
            if (long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most)
            {
                return number;
            }

            result.AddError(string.Create(CultureInfo.InvariantCulture, $"{name} takes a whole number from {least} to {most}, not '{text}'."));
            return null;
        },
    };

    /// <summary>Any number.</summary>
    public static Option<double?> Number(string name, string description) => new(name)
    {
        HelpName = "X",
        Description = description,
        CustomParser = result =>
        {
            var text = result.Tokens[0].Value;
            if (double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && float.IsFinite((float)number))
            {
                return number;
            }

            result.AddError($"{name} takes a number, not '{text}'.");
            return null;
        },
    };

    /// <summary>A number within a range.</summary>
    public static Option<double?> Fraction(string name, string description, double least, double most) => new(name)
    {
        HelpName = "X",
        Description = description,
        CustomParser = result =>
        {
            var text = result.Tokens[0].Value;
            if (double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most)
            {
                return number;
            }

            result.AddError(string.Create(CultureInfo.InvariantCulture, $"{name} takes a number from {least} to {most}, not '{text}'."));
            return null;
        },
    };

    /// <summary>One of a few words.</summary>
    public static Option<T?> Choice<T>(string name, string description, params (string Word, T Value)[] choices)
        where T : struct
    {
        var option = new Option<T?>(name)
        {
            HelpName = string.Join('|', choices.Select(choice => choice.Word)),
            Description = description,
            CustomParser = result =>
            {
                var text = result.Tokens[0].Value;
                foreach (var (word, value) in choices)
                {
                    if (string.Equals(word, text, StringComparison.OrdinalIgnoreCase))
                    {
                        return value;
                    }
                }

                result.AddError($"{name} takes {string.Join(", ", choices.Select(choice => choice.Word))}, not '{text}'.");
                return null;
            },
        };
        option.CompletionSources.Add(_ => choices.Select(choice => new System.CommandLine.Completions.CompletionItem(choice.Word)));
        return option;
    }

    /// <summary>True or false, where not saying it means a third thing.</summary>
    public static Option<Toggle?> Switch(string name, string description) => Choice(name, description, ("true", Toggle.True), ("false", Toggle.False));

    /// <summary>A time in whole minutes, hours or days; <c>off</c> is zero.</summary>
    public static Option<TimeSpan?> Duration(string name, string description) => new(name)
    {
        HelpName = "TIME",
        Description = description,
        CustomParser = result =>
        {
            var text = result.Tokens[0].Value;
            if (text == "off")
            {
                return TimeSpan.Zero;
            }

            TimeSpan? unit = text.Length == 0 ? null : text[^1] switch
            {
                'm' => TimeSpan.FromMinutes(1),
                'h' => TimeSpan.FromHours(1),
                'd' => TimeSpan.FromDays(1),
                _ => null,
            };
            if (unit is { } one && int.TryParse(text.AsSpan(0, text.Length - 1), NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number is > 0 and <= 1_000_000)
            {
                return number * one;
            }

            result.AddError($"{name} takes a number with m, h or d behind it, such as 90d, or off, not '{text}'.");
            return null;
        },
    };

    private static string? NotEmpty(ArgumentResult result, string name)
    {
        var text = result.Tokens[0].Value;
        if (text.Length == 0)
        {
            result.AddError($"{name} takes a value that is not empty.");
        }

        return text;
    }
}
