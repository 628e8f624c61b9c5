using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Quiver.Adapters.Embeddings.OpenAI;

/// <summary>Writes the body of a request.</summary>
internal static class RequestWriter
{
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private static readonly ImmutableHashSet<string> OwnMembers =
        ImmutableHashSet.Create<string>(StringComparer.OrdinalIgnoreCase, "input", "model", "encoding_format", "dimensions", "output_dimension");

    /// <summary>Whether Quiver writes a member itself, so settings must not contain it. Not case-sensitive: environment variables change the case.</summary>
    public static bool IsOwnMember(string member) => OwnMembers.Contains(member);

    public static ReadOnlyMemory<byte> Write(OpenAISettings settings, IReadOnlyList<string> texts, bool query)
    {
        var buffer = new ArrayBufferWriter<byte>(1024 + texts.Sum(text => text.Length + 8));
        using var writer = new Utf8JsonWriter(buffer, Options);
        writer.WriteStartObject();
        writer.WriteString("model", settings.Model);
        if (settings.Encoding is { } encoding)
        {
            writer.WriteString("encoding_format", encoding);
        }

        if (settings.DimensionsMember is { } member)
        {
            writer.WriteNumber(member, settings.Dimensions);
        }

        foreach (var (name, value) in query ? settings.QueryBody : settings.Body)
        {
            writer.WritePropertyName(name);
            WriteValue(writer, value);
        }

        var prompt = query ? settings.QueryPrompt : settings.DocumentPrompt;
        writer.WriteStartArray("input");
        foreach (var text in texts)
        {
            writer.WriteStringValue(prompt.Length == 0 ? text : prompt + text);
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
        writer.Flush();
        return buffer.WrittenMemory;
    }

    private static void WriteValue(Utf8JsonWriter writer, string? value)
    {
        // A null in JSON settings.
        if (value is null)
        {
            writer.WriteNullValue();
            return;
        }

        try
        {
            using var json = JsonDocument.Parse(value);
            json.RootElement.WriteTo(writer);
        }
        catch (JsonException)
        {
            // Plain words need no quotes in settings.
            writer.WriteStringValue(value);
        }
    }
}
