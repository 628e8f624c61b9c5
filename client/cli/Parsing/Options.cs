using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using Quiver.Client;

namespace Quiver.Cli.Parsing;

/// <summary>Creates options whose errors name the option and the values it takes.</summary>
internal static class Options
{
    public static Option<string?> Text(string name, string value, string description) =>
        new(name) { HelpName = value, Description = description, CustomParser = result => NotEmpty(result, name) };

    /// <summary>A repeatable text.</summary>
    public static Option<string[]> Texts(string name, string value, string description) =>
        new(name) { HelpName = value, Description = description, Arity = ArgumentArity.OneOrMore };

    /// <summary>The required <c>--collection</c>.</summary>
    public static Option<string?> Collection(string description)
    {
        var option = Text("--collection", "NAME", description);
        option.Required = true;
        return option;
    }

    public static Option<bool> Flag(string name, string description) =>
        new(name) { Description = description, Arity = ArgumentArity.Zero };

    /// <summary>A whole number from <paramref name="min"/> to <paramref name="max"/>.</summary>
    public static Option<long?> Whole(string name, string description, long min, long max) => Parsed(
        name,
        "N",
        description,
        string.Create(CultureInfo.InvariantCulture, $"a whole number from {min} to {max}"),
        text => long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) && number >= min && number <= max
            ? number
            : (long?)null);

    /// <summary>A finite number.</summary>
    public static Option<double?> Number(string name, string description) => Parsed(
        name, "X", description, "a number", static text => ParseNumber(text) is { } number && float.IsFinite((float)number) ? number : (double?)null);

    /// <summary>A number from <paramref name="min"/> to <paramref name="max"/>.</summary>
    public static Option<double?> Fraction(string name, string description, double min, double max) => Parsed(
        name,
        "X",
        description,
        string.Create(CultureInfo.InvariantCulture, $"a number from {min} to {max}"),
        text => ParseNumber(text) is { } number && number >= min && number <= max ? number : (double?)null);

    /// <summary>One of a few words; case is ignored.</summary>
    public static Option<T?> Choice<T>(string name, string description, params (string Word, T Value)[] choices)
        where T : struct
    {
        var option = Parsed<T>(
            name,
            string.Join('|', choices.Select(choice => choice.Word)),
            description,
            string.Join(", ", choices.Select(choice => choice.Word)),
            text =>
            {
                var at = Array.FindIndex(choices, choice => string.Equals(choice.Word, text, StringComparison.OrdinalIgnoreCase));
                return at < 0 ? null : choices[at].Value;
            });
        option.CompletionSources.Add(_ => choices.Select(choice => new System.CommandLine.Completions.CompletionItem(choice.Word)));
        return option;
    }

    /// <summary>True or false; null when the option is not given.</summary>
    public static Option<Toggle?> Switch(string name, string description) => Choice(name, description, ("true", Toggle.True), ("false", Toggle.False));

    /// <summary>The value of a switch; null when it is not given.</summary>
    public static bool? Read(Toggle? toggle) => toggle is { } value ? value == Toggle.True : null;

    /// <summary>A time in whole minutes, hours or days; <c>off</c> is zero.</summary>
    public static Option<TimeSpan?> Duration(string name, string description) =>
        Parsed(name, "TIME", description, "a number with m, h or d behind it, such as 90d, or off", ParseDuration);

    /// <summary>The repeatable <c>--filter</c>; read with <see cref="ReadFilter"/>.</summary>
    public static Option<string[]> Filter() => Texts(
        "--filter",
        "KEY=VALUE",
        "Only chunks whose field has exactly this value, as written in the document; repeatable, all must match. Default: none.");

    /// <summary>The fields of <c>--filter</c> with their values.</summary>
    /// <exception cref="InvalidRequestException">A filter is not <c>KEY=VALUE</c>, a field is named twice, or there are too many filters.</exception>
    public static ImmutableDictionary<string, string> ReadFilter(string[]? filters)
    {
        filters ??= [];
        if (filters.Length > RequestValidator.MaxFilters)
        {
            throw new InvalidRequestException(ErrorCodes.InvalidOption, $"Give at most {RequestValidator.MaxFilters} --filter options.");
        }

        var result = ImmutableDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
        foreach (var filter in filters)
        {
            var at = filter.IndexOf('=', StringComparison.Ordinal);
            if (at < 1)
            {
                throw new InvalidRequestException(ErrorCodes.InvalidOption, $"--filter takes KEY=VALUE, not '{filter}'.");
            }

            if (!result.TryAdd(filter[..at], filter[(at + 1)..]))
            {
                throw new InvalidRequestException(
                    ErrorCodes.InvalidOption, $"--filter names '{filter[..at]}' twice: all filters must match, so give each field once.");
            }
        }

        return result.ToImmutable();
    }

    private static Option<T?> Parsed<T>(string name, string helpName, string description, string expected, Func<string, T?> parse)
        where T : struct => new(name)
        {
            HelpName = helpName,
            Description = description,
            CustomParser = result =>
            {
                var text = result.Tokens[0].Value;
                var value = parse(text);
                if (value is null)
                {
                    result.AddError($"{name} takes {expected}, not '{text}'.");
                }

                return value;
            },
        };

    private static double? ParseNumber(string text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number : null;

    private static TimeSpan? ParseDuration(string text)
    {
        if (text == "off")
        {
            return TimeSpan.Zero;
        }

        TimeSpan? unit = text.AsSpan() is not [.., var suffix] ? null : suffix switch
        {
            'm' => TimeSpan.FromMinutes(1),
            'h' => TimeSpan.FromHours(1),
            'd' => TimeSpan.FromDays(1),
            _ => null,
        };
        return unit is not null && int.TryParse(text.AsSpan(0, text.Length - 1), NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            && number is > 0 and <= 1_000_000
            ? number * unit
            : null;
    }

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

/// <summary>A value of true or false. (The parser gives an option of type bool no value, and takes the value for the next argument.)</summary>
internal enum Toggle
{
    False = 1,
    True = 2,
}
