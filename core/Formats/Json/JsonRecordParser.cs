using System.Text;
using System.Text.Json;
using System.Text.Unicode;
using Quiver.Core.Vectors;

namespace Quiver.Core.Formats.Json;

/// <summary>Parses the bytes of one JSON object as a document. Not thread-safe: use one per file.</summary>
internal sealed class JsonRecordParser(RecordOptions options)
{
    private readonly FieldNames _names = new();
    private readonly List<KeyValuePair<string, string>> _fields = [];
    private string? _text;
    private string? _id;
    private string? _field;

    /// <summary>The record with the object's id, text and fields, or with a fault.</summary>
    public Record Parse(ReadOnlySpan<byte> json, Record at)
    {
        _fields.Clear();
        (_text, _id, _field) = (null, null, null);
        if (!Utf8.IsValid(json))
        {
            return Fault(at, ErrorCodes.InvalidUtf8, InvalidUtf8.Describe("record", json, at.Line));
        }

        try
        {
            var reader = new Utf8JsonReader(json);
            reader.Read();
            if (reader.TokenType != JsonTokenType.StartObject)
            {
                return Fault(at, ErrorCodes.MalformedRecord, "the record is not a JSON object: write {} around its fields");
            }

            ReadObject(ref reader, json, "");

            // Throws when something follows the object.
            reader.Read();
        }
        catch (JsonException exception)
        {
            return Fault(at, ErrorCodes.MalformedRecord, $"the record is not valid JSON {Explain(exception, json, at)}");
        }
        catch (InvalidOperationException)
        {
            // The reader throws this for an escape sequence of half a surrogate pair.
            return Fault(at, ErrorCodes.MalformedRecord, $"the record holds a lone surrogate, half of an escaped character{InField}: remove it or write the other half");
        }

        return Document(at);
    }

    private Record Document(Record at)
    {
        if (options.IdField is { } idField && _id is null)
        {
            return Fault(at, ErrorCodes.MissingId, $"the record has no id: the field '{idField}' is missing, empty, or neither a string nor a number; name another one with --id-field (in JSON source.idField)");
        }

        if (_id?.Length > RecordConstants.MaxIdCharacters)
        {
            var reason = $"the id in the field '{options.IdField}' has {_id.Length} characters; at most {RecordConstants.MaxIdCharacters} are allowed: name another field with --id-field (in JSON source.idField)";
            _id = null;
            return Fault(at, ErrorCodes.MalformedRecord, reason);
        }

        if (_text is null)
        {
            return Fault(
                at,
                ErrorCodes.MissingText,
                $"the record has no text: the field '{options.TextField}' is missing or not a string; name the field that holds it with --text-field (in JSON source.textField)");
        }

        if (string.IsNullOrWhiteSpace(_text))
        {
            return Fault(at, ErrorCodes.EmptyDocument, $"the field '{options.TextField}' holds no text");
        }

        return at with { ExplicitId = _id, Text = _text, Fields = [.. _fields] };
    }

    private Record Fault(Record at, string code, string reason)
    {
        var id = _id?.Length <= RecordConstants.MaxIdCharacters ? _id : null;

        // Bytes that do not parse may be several records without a separator, whatever id the first one has.
        var hidesOthers = code is ErrorCodes.MalformedRecord or ErrorCodes.InvalidUtf8 || (options.IdField is not null && id is null);
        return (at with { ExplicitId = id }).WithFault(code, reason, hidesOthers);
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

            _field = name;
            reader.Read();
            if (name == options.TextField)
            {
                _text = TakeText(ref reader);
            }
            else if (name == options.IdField)
            {
                _id = TakeId(ref reader);
            }
            else if (reader.TokenType == JsonTokenType.StartObject && (IsPrefix(name, options.TextField) || IsPrefix(name, options.IdField)))
            {
                ReadObject(ref reader, json, name + ".");
            }
            else
            {
                TakeField(ref reader, json, name);
            }
        }
    }

    private static bool IsPrefix(string name, string? field) =>
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
        if (value is not null && _fields.Count < RecordConstants.MaxFields && MetadataName.Of(name) is { } stored)
        {
            _fields.Add(new(stored, value));
        }
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
                return CutText.CompactJson(json[start..(int)reader.BytesConsumed], RecordConstants.MaxValueCharacters);
            default:
                return null;
        }
    }

    /// <summary>Says where in the record the fault is and what it is. A line's number is in front of the sentence already.</summary>
    private string Explain(JsonException exception, ReadOnlySpan<byte> json, Record at)
    {
        var start = 0;
        for (var line = exception.LineNumber ?? 0; line > 0; line--)
        {
            start += json[start..].IndexOf((byte)'\n') + 1;
        }

        var position = (int)Math.Min(json.Length, start + (exception.BytePositionInLine ?? 0));
        var column = Encoding.UTF8.GetCharCount(json[start..position]) + 1;
        var place = at.IsLine ? FormattableString.Invariant($"at column {column}")
            : start > 0 ? FormattableString.Invariant($"at line {at.Line + exception.LineNumber}, column {column}")
            : FormattableString.Invariant($"at byte {at.Offset + position} of the file");
        var rest = json[position..];
        var what = rest.StartsWith("NaN"u8) || rest.StartsWith("Infinity"u8) ? "NaN and Infinity are not JSON, write null or a number" : JsonFaults.Describe(exception);
        return $"{place}{InField}: {what}";
    }

    private string InField => _field is { Length: <= RecordConstants.MaxNameCharacters } name ? $", field '{name}'" : "";
}

/// <summary>Keeps one string for each field name, because the records of a file mostly share them. Not thread-safe.</summary>
internal sealed class FieldNames
{
    private const int MaxNames = 1_024;
    private readonly HashSet<string> _names = new(StringComparer.Ordinal);

    /// <summary>The name at the reader's position.</summary>
    /// <exception cref="InvalidOperationException">The name holds an escaped lone surrogate.</exception>
    public string Read(ref Utf8JsonReader reader)
    {
        if (reader.ValueSpan.Length > RecordConstants.MaxNameCharacters)
        {
            return reader.GetString()!;
        }

        Span<char> characters = stackalloc char[RecordConstants.MaxNameCharacters];
        var name = characters[..reader.CopyString(characters)];
        var lookup = _names.GetAlternateLookup<ReadOnlySpan<char>>();
        if (lookup.TryGetValue(name, out var known))
        {
            return known;
        }

        var made = name.ToString();
        if (_names.Count < MaxNames)
        {
            _names.Add(made);
        }

        return made;
    }
}
