using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Quiver.Adapters.Sources;

/// <summary>The stored form of cursors.</summary>
internal static class CursorJson
{
    /// <summary>Options for cursors: their length is limited, and they are never part of a web page, so they need few escapes.</summary>
    public static JsonSerializerOptions Options(JsonSerializerOptions generated) => new(generated) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Parses a cursor; null for the beginning.</summary>
    /// <exception cref="PermanentException">With <see cref="ErrorCodes.SourceChanged"/> and a message: the text is not a cursor of this source.</exception>
    public static T? Parse<T>(string position, JsonTypeInfo<T> type, Func<T, bool> isValid, string message)
        where T : class
    {
        if (position.Length == 0)
        {
            return null;
        }

        JsonException? error = null;
        try
        {
            if (JsonSerializer.Deserialize(position, type) is { } cursor && isValid(cursor))
            {
                return cursor;
            }
        }
        catch (JsonException exception)
        {
            error = exception;
        }

        throw new PermanentException(ErrorCodes.SourceChanged, message, error);
    }
}
