using System.Text;
using System.Text.Json;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Quiver.Adapters.Formats.Markdown;

/// <summary>
/// Reads the fields of a YAML mapping: a scalar as it is written, a list or a mapping as JSON. Works on the parser's events, so that neither
/// depth nor aliases of a hostile file cost more than its length.
/// </summary>
internal static class YamlFields
{
    private const int MaxDepth = 16;

    private enum Expected
    {
        Item = 1,
        Key = 2,
        Value = 3,
    }

    /// <summary>The fields in their order; null when the text is no mapping.</summary>
    /// <exception cref="FormatException">The text is not valid, or has aliases or too many levels.</exception>
    public static IReadOnlyList<KeyValuePair<string, string>>? Read(string text)
    {
        try
        {
            var parser = new Parser(new StringReader(text));
            parser.Consume<StreamStart>();
            if (!parser.TryConsume<DocumentStart>(out _) || !parser.TryConsume<MappingStart>(out _))
            {
                return null;
            }

            var fields = new List<KeyValuePair<string, string>>();
            while (!parser.TryConsume<MappingEnd>(out _))
            {
                var key = parser.Consume<Scalar>();
                if (ReadValue(parser) is { } value)
                {
                    fields.Add(new(key.Value, value));
                }
            }

            parser.Consume<DocumentEnd>();
            parser.Consume<StreamEnd>();
            return fields;
        }
        catch (YamlException exception)
        {
            throw FrontMatter.Fault(exception.Start.Line, $"not valid YAML: {exception.Message}", exception);
        }
    }

    /// <summary>The text of a value; null for null.</summary>
    private static string? ReadValue(IParser parser)
    {
        if (parser.TryConsume<Scalar>(out var scalar))
        {
            return IsNull(scalar) ? null : scalar.Value;
        }

        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            Write(parser, json);
        }

        return Encoding.UTF8.GetString(buffer.GetBuffer(), 0, (int)buffer.Length);
    }

    /// <summary>Writes the events of a list or a mapping up to its end.</summary>
    private static void Write(IParser parser, Utf8JsonWriter json)
    {
        var open = new Stack<Expected>();
        do
        {
            var next = parser.Consume<ParsingEvent>();
            var isKey = open.TryPeek(out var expected) && expected == Expected.Key;
            switch (next)
            {
                case Scalar key when isKey:
                    json.WritePropertyName(key.Value);
                    break;
                case Scalar scalar:
                    WriteScalar(json, scalar);
                    break;
                case SequenceStart or MappingStart when isKey:
                    throw FrontMatter.Fault(next.Start.Line, "a key is a list or a mapping");
                case SequenceStart or MappingStart when open.Count == MaxDepth:
                    throw FrontMatter.Fault(next.Start.Line, $"more than {MaxDepth} levels");
                case SequenceStart:
                    json.WriteStartArray();
                    break;
                case MappingStart:
                    json.WriteStartObject();
                    break;
                case SequenceEnd:
                    json.WriteEndArray();
                    break;
                case MappingEnd:
                    json.WriteEndObject();
                    break;
                default:
                    throw FrontMatter.Fault(next.Start.Line, "aliases are not read");
            }

            Follow(open, next);
        }
        while (open.Count > 0);
    }

    private static void Follow(Stack<Expected> open, ParsingEvent read)
    {
        if (read is SequenceEnd or MappingEnd)
        {
            open.Pop();
            return;
        }

        if (open.TryPop(out var expected))
        {
            open.Push(expected switch { Expected.Key => Expected.Value, Expected.Value => Expected.Key, _ => Expected.Item });
        }

        if (read is SequenceStart or MappingStart)
        {
            open.Push(read is SequenceStart ? Expected.Item : Expected.Key);
        }
    }

    private static void WriteScalar(Utf8JsonWriter json, Scalar scalar)
    {
        if (IsNull(scalar))
        {
            json.WriteNullValue();
        }
        else if (scalar.Style == ScalarStyle.Plain && scalar.Value is "true" or "false")
        {
            json.WriteBooleanValue(scalar.Value == "true");
        }
        else if (scalar.Style == ScalarStyle.Plain && IsNumber(scalar.Value))
        {
            json.WriteRawValue(scalar.Value);
        }
        else
        {
            json.WriteStringValue(scalar.Value);
        }
    }

    private static bool IsNull(Scalar scalar) => scalar is { Style: ScalarStyle.Plain, Value: "" or "~" or "null" };

    private static bool IsNumber(string text)
    {
        var reader = new Utf8JsonReader(Encoding.UTF8.GetBytes(text));
        try
        {
            return reader.Read() && reader.TokenType == JsonTokenType.Number && !reader.Read();
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
