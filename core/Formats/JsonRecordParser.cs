using System.Text;
using System.Text.Json;
using System.Text.Unicode;
using Quiver.Core.Vectors;

namespace Quiver.Core.Formats;

/// <summary>Makes a document of the bytes of one JSON object. Not thread-safe: one for each file being read.</summary>
internal sealed class JsonRecordParser(RecordOptions options)
{
    private readonly FieldNames _names = new();
    private readonly List<KeyValuePair<string, string>> _fields = [];
    private string? _text;
    private string? _id;

    public ParsedRecord Parse(ReadOnlySpan<byte> json)
    {
        _fields.Clear();
        (_text, _id) = (null, null);
        if (!Utf8.IsValid(json))
        {
            return Fault(ErrorCodes.InvalidUtf8, "the record is not valid UTF-8");
        }

        try
        {
            var reader = new Utf8JsonReader(json);
            reader.Read();
            if (reader.TokenType != JsonTokenType.StartObject)
            {
                return Fault(ErrorCodes.MalformedRecord, "the record is not a JSON object");
            }

            ReadObject(ref reader, json, "");
            // Throws when something follows the object.
            reader.Read();
        }
        catch (JsonException e)
        {
            return Fault(ErrorCodes.MalformedRecord, $"the record is not valid JSON ({Explain(e)})");
        }
        catch (InvalidOperationException)
        {
            // What the reader throws for an escape sequence that stands for half of a surrogate pair.
            return Fault(ErrorCodes.MalformedRecord, "the record holds an escaped lone surrogate");
        }

        return Judge();
    }

    private ParsedRecord Judge()
    {
        if (options.IdField is { } idField && _id is null)
        {
            return Fault(ErrorCodes.MissingId, $"the record has no id: the field '{idField}' is missing, empty, or neither a string nor a number");
        }

        if (_id?.Length > RecordConstants.MaxIdCharacters)
        {
            var reason = $"the id in the field '{options.IdField}' has {_id.Length} characters; at most {RecordConstants.MaxIdCharacters} are allowed";
            _id = null;
            return Fault(ErrorCodes.MalformedRecord, reason);
        }

        if (_text is null)
        {
            return Fault(ErrorCodes.MissingText, $"the record has no text: the field '{options.TextField}' is missing or not a string; name the field that holds it with --text-field (in JSON textField)");
        }

        if (string.IsNullOrWhiteSpace(_text))
        {
            return Fault(ErrorCodes.EmptyDocument, $"the field '{options.TextField}' holds no text");
        }

        return new ParsedRecord(_id, _text, [.. _fields]);
    }

    private ParsedRecord Fault(string code, string reason)
    {
        var id = _id?.Length <= RecordConstants.MaxIdCharacters ? _id : null;
        // What does not parse may be several records run together, whichever id it began with.
        var hidesOthers = code is ErrorCodes.MalformedRecord or ErrorCodes.InvalidUtf8 || (options.IdField is not null && id is null);
        return new ParsedRecord(id, "", [], code, reason, hidesOthers);
    }

    private void ReadObject(ref Utf8JsonReader reader, ReadOnlySpan<byte> json, string prefix)
    {
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = _names.Read(ref reader);
            if (prefix.Length > 0)
            {
                name = prefix + name;
            }

            reader.Read();
            if (name == options.TextField)
            {
                _text = TakeText(ref reader);
            }
            else if (name == options.IdField)
            {
                _id = TakeId(ref reader);
            }
            else if (reader.TokenType == JsonTokenType.StartObject && (Leads(name, options.TextField) || Leads(name, options.IdField)))
            {
                ReadObject(ref reader, json, name + ".");
            }
            else
            {
                TakeField(ref reader, json, name);
            }
        }
    }

    private static bool Leads(string name, string? field) =>
        field is not null && field.Length > name.Length && field[name.Length] == '.' && field.StartsWith(name, StringComparison.Ordinal);

    private static string? TakeText(ref Utf8JsonReader reader)
    {
        if (reader.TokenType == JsonTokenType.String)
        {
            return reader.GetString();
        }

        reader.Skip();
        return null;
    }

    private static string? TakeId(ref Utf8JsonReader reader)
    {
        switch (reader.TokenType)
        {
            case JsonTokenType.String when !reader.ValueSpan.IsEmpty:
                return reader.GetString();
            case JsonTokenType.Number:
                return Encoding.UTF8.GetString(reader.ValueSpan);
            default:
                reader.Skip();
                return null;
        }
    }

    private void TakeField(ref Utf8JsonReader reader, ReadOnlySpan<byte> json, string name)
    {
        var value = TakeValue(ref reader, json);
        if (value is null || name.Length is 0 or > RecordConstants.MaxNameCharacters || _fields.Count == RecordConstants.MaxFields)
        {
            return;
        }

        var reserved = PayloadFields.Reserved.Contains(name) || name is RecordConstants.PathField or RecordConstants.LineField;
        _fields.Add(new(reserved ? "source_" + name : name, value));
    }

    private static string? TakeValue(ref Utf8JsonReader reader, ReadOnlySpan<byte> json)
    {
        switch (reader.TokenType)
        {
            case JsonTokenType.String:
                return CutText.At(reader.GetString()!, RecordConstants.MaxValueCharacters);
            case JsonTokenType.Number:
                return CutText.At(Encoding.UTF8.GetString(reader.ValueSpan), RecordConstants.MaxValueCharacters);
            case JsonTokenType.True:
                return "true";
            case JsonTokenType.False:
                return "false";
            case JsonTokenType.StartObject or JsonTokenType.StartArray:
                var start = (int)reader.TokenStartIndex;
                reader.Skip();
                return CompactJson.Write(json[start..(int)reader.BytesConsumed], RecordConstants.MaxValueCharacters);
            default:
                return null;
        }
    }

    private static string Explain(JsonException e)
    {
        var end = e.Message.IndexOf(" LineNumber:", StringComparison.Ordinal);
        return end < 0 ? e.Message : e.Message[..end].TrimEnd('.');
    }
}
