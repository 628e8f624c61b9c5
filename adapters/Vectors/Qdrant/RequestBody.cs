using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Quiver.Core.Vectors;

namespace Quiver.Adapters.Vectors.Qdrant;

/// <summary>Writes small request bodies.</summary>
internal static class RequestBody
{
    /// <summary>A JSON object; <paramref name="members"/> writes its members.</summary>
    public static ReadOnlyMemory<byte> Create(Action<Utf8JsonWriter> members)
    {
        var buffer = new ArrayBufferWriter<byte>(512);
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            members(writer);
            writer.WriteEndObject();
        }

        return buffer.WrittenMemory;
    }

    /// <summary>The member <c>filter</c>.</summary>
    public static void WriteFilter(this Utf8JsonWriter writer, PointFilter filter)
    {
        writer.WritePropertyName("filter");
        filter.Write(writer);
    }

    /// <summary>A member that is a list of ids.</summary>
    public static void WritePoints(this Utf8JsonWriter writer, string name, IEnumerable<Guid> ids)
    {
        writer.WriteStartArray(name);
        foreach (var id in ids)
        {
            writer.WriteStringValue(id);
        }

        writer.WriteEndArray();
    }
}

/// <summary>Writes the body of an upsert directly from the points, without intermediate strings and doubles.</summary>
internal static class UpsertBody
{
    private const int GuidBytes = 36;

    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };
    private static readonly byte[] Vector = Encoding.UTF8.GetBytes($"\",\"vector\":{{\"{QdrantLayout.Vector}\":[");

    /// <summary>Writes as many points as fit, and at least one.</summary>
    /// <param name="buffer">The target.</param>
    /// <param name="points">The points.</param>
    /// <param name="from">The first point to write.</param>
    /// <param name="to">One past the last.</param>
    /// <param name="fence">Selects the existing points to replace; null for all.</param>
    /// <param name="maxBytes">The maximum size of a body with more than one point.</param>
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

            Write(buffer, writer, points[next]);
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

    private static void Write(PooledBuffer buffer, Utf8JsonWriter writer, VectorPoint point)
    {
        buffer.Append("{\"id\":\""u8);
        point.Id.TryFormat(buffer.GetSpan(GuidBytes), out var written);
        buffer.Advance(written);
        buffer.Append(Vector);
        Write(buffer, point.Vector.Span);
        buffer.Append("]},\"payload\":"u8);
        PayloadJson.Write(writer, point.Payload);
        writer.Flush();
        writer.Reset();
        buffer.Append("}"u8);
    }

    private static void Write(PooledBuffer buffer, ReadOnlySpan<float> vector)
    {
        var span = buffer.GetSpan(vector.Length * (FloatText.MaxBytes + 1));
        var at = 0;
        foreach (var value in vector)
        {
            at += FloatText.Write(value, span[at..]);
            span[at++] = (byte)',';
        }

        buffer.Advance(at - 1);
    }
}
