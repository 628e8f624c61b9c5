using System.Text.Json;
using System.Text.Json.Serialization;

namespace Quiver.Client.Json;

/// <summary>Writes an enum by its camel-case name; a number or an unknown name is refused with a message that lists the names.</summary>
/// <typeparam name="T">The enum.</typeparam>
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
