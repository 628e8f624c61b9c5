using System.Collections.Frozen;
using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Quiver.Client.Json;

/// <summary>The names of an enum's values in JSON, in addresses and on the command line, in camel case, such as <c>completedWithWarnings</c>.</summary>
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

    /// <summary>Finds a value by its name, ignoring case.</summary>
    /// <param name="name">The name.</param>
    /// <param name="value">The value.</param>
    public static bool TryParse([NotNullWhen(true)] string? name, out T value)
    {
        value = default;
        return name is not null && ByName.TryGetValue(name, out value);
    }

    /// <summary>The value of a name.</summary>
    /// <param name="name">The name; case is ignored.</param>
    /// <param name="what">What the name stands for, for the error message.</param>
    /// <exception cref="InvalidRequestException">With <see cref="ErrorCodes.InvalidOption"/>: no value has this name.</exception>
    public static T Parse(string? name, string what) =>
        TryParse(name, out var value)
            ? value
            : throw new InvalidRequestException(ErrorCodes.InvalidOption, $"'{name}' is not a valid {what}: use one of {string.Join(", ", All)}.");
}

/// <summary>Writes an enum as its name; refuses numbers and unknown names with a message that lists the names.</summary>
internal sealed class EnumNameConverter<T> : JsonConverter<T>
    where T : struct, Enum
{
    public override T Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType == JsonTokenType.String && EnumNames<T>.TryParse(reader.GetString(), out var value))
        {
            return value;
        }

        var got = reader.TokenType == JsonTokenType.String ? $"'{reader.GetString()}'" : $"A JSON {reader.TokenType}";
        throw new JsonException($"{got} is not a valid value here: use one of {string.Join(", ", EnumNames<T>.All)}.");
    }

    public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options) => writer.WriteStringValue(EnumNames<T>.Of(value));
}
