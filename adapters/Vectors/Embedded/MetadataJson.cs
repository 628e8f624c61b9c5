using System.Buffers;
using System.Text;
using System.Text.Json;

namespace Quiver.Adapters.Vectors.Embedded;

/// <summary>Metadata as a JSON object of strings; comparisons allocate no strings.</summary>
internal static class MetadataJson
{
    /// <summary>Returns the stored form; null without metadata.</summary>
    public static byte[]? Write(ImmutableDictionary<string, string> metadata)
    {
        if (metadata.IsEmpty)
        {
            return null;
        }

        var buffer = new ArrayBufferWriter<byte>(256);
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            // Sorted, so that equal metadata have equal bytes.
            foreach (var (key, value) in metadata.OrderBy(pair => pair.Key, StringComparer.Ordinal))
            {
                json.WriteString(key, value);
            }

            json.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }

    public static ImmutableDictionary<string, string> Read(ReadOnlySpan<byte> stored)
    {
        var metadata = ImmutableDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
        var json = new Utf8JsonReader(stored);
        while (json.Read())
        {
            if (json.TokenType == JsonTokenType.PropertyName)
            {
                var key = json.GetString()!;
                json.Read();
                metadata.Add(key, json.GetString()!);
            }
        }

        return metadata.ToImmutable();
    }

    /// <summary>Returns texts as a JSON array; null for none.</summary>
    public static string? WriteList(ImmutableArray<string> texts)
    {
        if (texts.IsDefaultOrEmpty)
        {
            return null;
        }

        var buffer = new ArrayBufferWriter<byte>(128);
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartArray();
            foreach (var text in texts)
            {
                json.WriteStringValue(text);
            }

            json.WriteEndArray();
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    public static ImmutableArray<string> ReadList(string stored)
    {
        var texts = ImmutableArray.CreateBuilder<string>();
        var json = new Utf8JsonReader(Encoding.UTF8.GetBytes(stored));
        while (json.Read())
        {
            if (json.TokenType == JsonTokenType.String)
            {
                texts.Add(json.GetString()!);
            }
        }

        return texts.DrainToImmutable();
    }

    /// <summary>Returns a field's value in UTF-8; null when the field is missing.</summary>
    public static byte[]? Find(ReadOnlySpan<byte> stored, string field)
    {
        var json = new Utf8JsonReader(stored);
        while (json.Read())
        {
            if (json.TokenType == JsonTokenType.PropertyName)
            {
                var found = json.ValueTextEquals(field);
                json.Read();
                if (found)
                {
                    var value = new byte[json.ValueSpan.Length];
                    return value[..json.CopyString(value)];
                }
            }
        }

        return null;
    }

    /// <summary>True when every required field has its value.</summary>
    public static bool Matches(ReadOnlySpan<byte> stored, IReadOnlyCollection<KeyValuePair<string, string>> required)
    {
        var found = 0;
        var json = new Utf8JsonReader(stored);
        while (json.Read())
        {
            if (json.TokenType == JsonTokenType.PropertyName)
            {
                string? wanted = null;
                foreach (var (key, value) in required)
                {
                    wanted = json.ValueTextEquals(key) ? value : wanted;
                }

                json.Read();
                found += wanted is not null && json.ValueTextEquals(wanted) ? 1 : 0;
            }
        }

        return found == required.Count;
    }
}
