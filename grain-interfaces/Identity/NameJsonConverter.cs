using System.Text.Json;
using System.Text.Json.Serialization;

namespace Quiver.GrainInterfaces.Identity;

/// <summary>Writes a name as a JSON string and validates it when read.</summary>
/// <typeparam name="T">The name's type.</typeparam>
public sealed class NameJsonConverter<T> : JsonConverter<T>
    where T : IName<T>
{
    /// <inheritdoc/>
    public override T Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => T.Parse(reader.GetString());

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.WriteStringValue(value.Value);
    }
}
