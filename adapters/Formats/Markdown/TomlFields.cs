using System.Text;
using System.Text.Json;
using Tomlyn;
using Tomlyn.Model;

namespace Quiver.Adapters.Formats.Markdown;

/// <summary>Reads the fields of a TOML document: a value as text, an array or a table as JSON.</summary>
internal static class TomlFields
{
    private const int MaxDepth = 16;

    /// <summary>The fields in their order.</summary>
    /// <exception cref="FormatException">The text is not valid, or has too many levels.</exception>
    public static IReadOnlyList<KeyValuePair<string, string>> Read(string text)
    {
        RequireShallow(text);
        try
        {
            return [.. (TomlSerializer.Deserialize<TomlTable>(text) ?? []).Select(static field => KeyValuePair.Create(field.Key, Describe(field.Value)))];
        }
        catch (TomlException exception)
        {
            throw FrontMatter.Fault(exception.Line, $"not valid TOML: {exception.Message}", exception);
        }
    }

    /// <summary>Refuses text that opens more brackets within each other than any front matter does, before a parser goes down into them.</summary>
    private static void RequireShallow(string text)
    {
        var depth = 0;
        foreach (var character in text)
        {
            depth += character is '[' or '{' ? 1 : character is ']' or '}' ? -1 : 0;
            if (depth > MaxDepth)
            {
                throw FrontMatter.Fault(null, $"more than {MaxDepth} levels");
            }
        }
    }

    private static string Describe(object? value)
    {
        if (value is not (TomlTable or TomlArray or TomlTableArray))
        {
            return Text(value);
        }

        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            Write(json, value, 0);
        }

        return Encoding.UTF8.GetString(buffer.GetBuffer(), 0, (int)buffer.Length);
    }

    private static void Write(Utf8JsonWriter json, object? value, int depth)
    {
        if (depth == MaxDepth)
        {
            throw FrontMatter.Fault(null, $"more than {MaxDepth} levels");
        }

        switch (value)
        {
            case TomlTable table:
                json.WriteStartObject();
                foreach (var (name, member) in table)
                {
                    json.WritePropertyName(name);
                    Write(json, member, depth + 1);
                }

                json.WriteEndObject();
                break;
            case TomlArray or TomlTableArray:
                json.WriteStartArray();
                foreach (var item in (System.Collections.IEnumerable)value)
                {
                    Write(json, item, depth + 1);
                }

                json.WriteEndArray();
                break;
            case bool flag:
                json.WriteBooleanValue(flag);
                break;
            case long number:
                json.WriteNumberValue(number);
                break;
            case double number when double.IsFinite(number):
                json.WriteNumberValue(number);
                break;
            default:
                json.WriteStringValue(Text(value));
                break;
        }
    }

    private static string Text(object? value) => value switch
    {
        bool flag => flag ? "true" : "false",
        IFormattable number => number.ToString(null, System.Globalization.CultureInfo.InvariantCulture),
        _ => $"{value}",
    };
}
