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

/// <summary>
/// Writes a point as <c>{"id":…,"vector":[…],"payload":{…}}</c> on one line: floats in their shortest round-trip form, the payload as raw JSON.
/// </summary>
internal sealed class ExportedPointConverter : JsonConverter<ExportedPoint>
{
    public override ExportedPoint Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        using var document = JsonDocument.ParseValue(ref reader);
        var root = document.RootElement;
        if (root.ValueKind != JsonValueKind.Object
            || !root.TryGetProperty("id"u8, out var id)
            || !root.TryGetProperty("vector"u8, out var vector)
            || !root.TryGetProperty("payload"u8, out var payload)
            || vector.ValueKind != JsonValueKind.Array
            || payload.ValueKind != JsonValueKind.Object)
        {
            throw new JsonException("A point is an object with id, vector and payload.");
        }

        return new()
        {
            Id = id.ValueKind == JsonValueKind.String && id.TryGetGuid(out var guid) ? guid : throw new JsonException("The id of a point is a UUID."),
            Vector = ReadVector(vector),
            PayloadJson = payload.GetRawText(),
        };
    }

    public override void Write(Utf8JsonWriter writer, ExportedPoint value, JsonSerializerOptions options)
    {
        writer.WriteStartObject();
        writer.WriteString("id"u8, value.Id);
        writer.WriteStartArray("vector"u8);
        foreach (var number in value.Vector)
        {
            writer.WriteNumberValue(number);
        }

        writer.WriteEndArray();
        writer.WritePropertyName("payload"u8);
        if (value.PayloadJson.AsSpan().ContainsAny('\r', '\n'))
        {
            WriteInOneLine(writer, value.PayloadJson);
        }
        else
        {
            writer.WriteRawValue(value.PayloadJson);
        }

        writer.WriteEndObject();
    }

    private static ImmutableArray<float> ReadVector(JsonElement vector)
    {
        var numbers = ImmutableArray.CreateBuilder<float>(vector.GetArrayLength());
        foreach (var number in vector.EnumerateArray())
        {
            if (number.ValueKind != JsonValueKind.Number || !number.TryGetSingle(out var value) || !float.IsFinite(value))
            {
                throw new JsonException("A vector holds finite numbers only.");
            }

            numbers.Add(value);
        }

        return numbers.MoveToImmutable();
    }

    private static void WriteInOneLine(Utf8JsonWriter writer, string json)
    {
        using var document = JsonDocument.Parse(json);
        document.RootElement.WriteTo(writer);
    }
}
