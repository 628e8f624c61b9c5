using System.Text.Json;
using System.Text.Json.Serialization;
using System.Xml;

namespace Quiver.Client.Json;

/// <summary>Writes a duration as ISO 8601, such as <c>PT1M2.5S</c>; exact to the tick.</summary>
internal sealed class DurationConverter : JsonConverter<TimeSpan>
{
    public override TimeSpan Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        try
        {
            return XmlConvert.ToTimeSpan(reader.GetString() ?? "");
        }
        catch (Exception exception) when (exception is FormatException or OverflowException)
        {
            throw new JsonException($"'{reader.GetString()}' is not an ISO 8601 duration such as PT1M2.5S.", exception);
        }
    }

    public override void Write(Utf8JsonWriter writer, TimeSpan value, JsonSerializerOptions options) => writer.WriteStringValue(XmlConvert.ToString(value));
}
