using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Quiver.Core.Vectors;

namespace Quiver.Adapters.Vectors.Qdrant;

/// <summary>Writes the body of an upsert straight from the points: no string and no double on the way.</summary>
internal static class UpsertBody
{
    private const int GuidBytes = 36;

    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };
    private static readonly byte[] Vector = Encoding.UTF8.GetBytes($"\",\"vector\":{{\"{QdrantLayout.Vector}\":[");

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
