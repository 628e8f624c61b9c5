using System.Text.Encodings.Web;
using System.Text.Json;
using Quiver.Pipeline.Vectors;

namespace Quiver.Adapters.Qdrant;

/// <summary>Writes the body of an upsert straight from the points: no string and no double on the way.</summary>
internal static class UpsertBody
{
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };
    private static readonly JsonEncodedText Id = JsonEncodedText.Encode("id");
    private static readonly JsonEncodedText Vector = JsonEncodedText.Encode("vector");
    private static readonly JsonEncodedText Dense = JsonEncodedText.Encode(QdrantLayout.Vector);
    private static readonly JsonEncodedText Payload = JsonEncodedText.Encode("payload");

    /// <summary>Writes as many points as fit, and one at least.</summary>
    /// <param name="buffer">Where to.</param>
    /// <param name="points">The points.</param>
    /// <param name="from">The first one to write.</param>
    /// <param name="to">One past the last.</param>
    /// <param name="fence">Which of the existing points may be replaced; null for all.</param>
    /// <param name="maxBytes">The most that the body may have, where it has more than one point.</param>
    /// <returns>One past the last point written.</returns>
    public static int Write(PooledBuffer buffer, IReadOnlyList<VectorPoint> points, int from, int to, PointFilter? fence, int maxBytes)
    {
        buffer.Append("{\"points\":["u8);
        using var writer = new Utf8JsonWriter(buffer, Options);
        var next = from;
        while (next < to)
        {
            var before = buffer.Length;
            if (next > from)
            {
                buffer.Append(","u8);
            }

            Write(writer, points[next]);
            writer.Flush();
            writer.Reset();
            if (next > from && buffer.Length > maxBytes)
            {
                buffer.Truncate(before);
                break;
            }

            next++;
        }

        buffer.Append("]"u8);
        if (fence is not null)
        {
            buffer.Append(",\"update_filter\":"u8);
            fence.Write(writer);
            writer.Flush();
        }

        buffer.Append("}"u8);
        return next;
    }

    private static void Write(Utf8JsonWriter writer, VectorPoint point)
    {
        writer.WriteStartObject();
        writer.WriteString(Id, point.Id);
        writer.WriteStartObject(Vector);
        writer.WriteStartArray(Dense);
        foreach (var value in point.Vector.Span)
        {
            writer.WriteNumberValue(value);
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
        writer.WritePropertyName(Payload);
        PayloadJson.Write(writer, point.Payload);
        writer.WriteEndObject();
    }
}
