using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Quiver.Cli.Json;

/// <summary>Writes JSON as text on one line, with letters of all scripts as they are.</summary>
internal static class JsonText
{
    // Nothing of it is put into HTML, so that only what JSON itself asks for needs escaping.
    private static readonly JsonWriterOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Writes a value.</summary>
    public static void Write<T>(TextWriter output, T value, JsonTypeInfo<T> type)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer, Readable))
        {
            JsonSerializer.Serialize(writer, value, type);
        }

        output.Write(Encoding.UTF8.GetString(buffer.WrittenSpan));
    }
}
