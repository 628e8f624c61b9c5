using System.Buffers;
using System.Text.Json;

namespace Quiver.Adapters.Vectors.Qdrant;

/// <summary>Writes small request bodies.</summary>
internal static class RequestBody
{
    /// <summary>A JSON object.</summary>
    /// <param name="members">Writes its members.</param>
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

    /// <summary>The member <c>points</c>: a list of ids.</summary>
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
