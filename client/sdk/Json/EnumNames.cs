using System.Collections.Frozen;
using System.Diagnostics.CodeAnalysis;
using System.Text.Json;

namespace Quiver.Client.Json;

/// <summary>The names of an enum's values in JSON, in addresses and on the command line: camel case, such as <c>completedWithWarnings</c>.</summary>
/// <typeparam name="T">The enum.</typeparam>
public static class EnumNames<T>
    where T : struct, Enum
{
    private static readonly FrozenDictionary<T, string> ByValue =
        Enum.GetValues<T>().ToFrozenDictionary(static value => value, static value => JsonNamingPolicy.CamelCase.ConvertName(value.ToString()));

    private static readonly FrozenDictionary<string, T> ByName =
        ByValue.ToFrozenDictionary(static pair => pair.Value, static pair => pair.Key, StringComparer.OrdinalIgnoreCase);

    /// <summary>All names, in the order of their values.</summary>
    public static ImmutableArray<string> All { get; } = [.. Enum.GetValues<T>().Select(static value => ByValue[value])];

    /// <summary>The name of a value.</summary>
    /// <param name="value">The value.</param>
    /// <exception cref="ArgumentOutOfRangeException">The value is not defined.</exception>
    public static string Of(T value) =>
        ByValue.TryGetValue(value, out var name) ? name : throw new ArgumentOutOfRangeException(nameof(value), value, $"Not a {typeof(T).Name}.");

    /// <summary>Finds a value by its name, in whatever case.</summary>
    /// <param name="name">The name.</param>
    /// <param name="value">The value.</param>
    public static bool TryParse([NotNullWhen(true)] string? name, out T value)
    {
        value = default;
        return name is not null && ByName.TryGetValue(name, out value);
    }

    /// <summary>The value of a name.</summary>
    /// <param name="name">The name, in whatever case.</param>
    /// <param name="what">What it stands for, as the message shall say it.</param>
    /// <exception cref="InvalidRequestException">With <see cref="ErrorCodes.InvalidOption"/>: no value has this name.</exception>
    public static T Parse(string? name, string what) =>
        TryParse(name, out var value)
            ? value
            : throw new InvalidRequestException(ErrorCodes.InvalidOption, $"'{name}' is not a valid {what}: use one of {string.Join(", ", All)}.");
}
