using System.Text.Json;
using System.Text.Unicode;

namespace Quiver.Silo.Api.Requests;

/// <summary>
/// Finds characters that are none in the text of a JSON value. The serializer reports them as values of a wrong type, or fails without a place.
/// </summary>
internal static class JsonText
{
    /// <summary>A sentence about the first fault; null when there is none, or when the text is not JSON, which its parser reports better.</summary>
    public static string? FindFault(ReadOnlySpan<byte> json)
    {
        if (!Utf8.IsValid(json))
        {
            return $"The body is not valid UTF-8, from byte {Utf8Faults.Find(json).At} on: encode it as UTF-8.";
        }

        var reader = new Utf8JsonReader(json);
        string? member = null;
        try
        {
            while (reader.Read())
            {
                if (reader.TokenType is not (JsonTokenType.PropertyName or JsonTokenType.String))
                {
                    continue;
                }

                if (reader.ValueIsEscaped && JsonFaults.HoldsLoneSurrogate(reader.ValueSpan))
                {
                    var where = reader.TokenType == JsonTokenType.PropertyName ? "The name of a member" : member is null ? "A value" : $"The value of '{member}'";
                    return $"{where} holds a lone surrogate, half of an escaped character: remove it or write the other half.";
                }

                member = reader.TokenType == JsonTokenType.PropertyName ? reader.GetString() : member;
            }
        }
        catch (JsonException)
        {
            return null;
        }

        return null;
    }
}
