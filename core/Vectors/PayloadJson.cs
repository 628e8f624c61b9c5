using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Quiver.Core.Vectors;

/// <summary>A payload's JSON form, the same in every store and in exports.</summary>
public static class PayloadJson
{
    // Exports are read by people and programs, never placed into HTML.
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The JSON object: <see cref="PayloadFields"/> in their order, then metadata by name.</summary>
    /// <param name="payload">The payload.</param>
    public static string Write(PointPayload payload)
    {
        ArgumentNullException.ThrowIfNull(payload);
        var buffer = new ArrayBufferWriter<byte>(1024);
        using (var writer = new Utf8JsonWriter(buffer, Options))
        {
            Write(writer, payload);
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    /// <summary>Writes the JSON object.</summary>
    /// <param name="writer">Where to.</param>
    /// <param name="payload">The payload.</param>
    public static void Write(Utf8JsonWriter writer, PointPayload payload)
    {
        ArgumentNullException.ThrowIfNull(writer);
        ArgumentNullException.ThrowIfNull(payload);
        writer.WriteStartObject();
        writer.WriteString(PayloadFields.Tenant, payload.Scope.Tenant.Value);
        writer.WriteString(PayloadFields.Collection, payload.Scope.Collection.Value);
        writer.WriteString(PayloadFields.DocumentId, payload.DocumentId);
        writer.WriteNumber(PayloadFields.Chunk, payload.Chunk);
        writer.WriteString(PayloadFields.Text, payload.Text);
        writer.WriteNumber(PayloadFields.StartChar, payload.StartChar);
        writer.WriteNumber(PayloadFields.EndChar, payload.EndChar);
        writer.WriteNumber(PayloadFields.StartLine, payload.StartLine);
        writer.WriteNumber(PayloadFields.EndLine, payload.EndLine);
        writer.WriteNumber(PayloadFields.Generation, payload.Generation);
        writer.WriteNumber(PayloadFields.Epoch, payload.Epoch);
        writer.WriteString(PayloadFields.IndexedAt, payload.IndexedAt);
        foreach (var (name, value) in payload.Metadata.OrderBy(field => field.Key, StringComparer.Ordinal))
        {
            writer.WriteString(name, value);
        }

        writer.WriteEndObject();
    }
}
