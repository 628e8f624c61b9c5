using System.Text.Json;
using System.Text.Json.Serialization;

namespace Quiver.Client.Json;

/// <summary>
/// Writes a point as <c>{"id":…,"vector":[…],"payload":{…}}</c>: floats in their shortest form that reads back the same, the payload as the
/// JSON that it is, always in one line.
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
