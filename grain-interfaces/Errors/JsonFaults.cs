using System.Buffers.Text;
using System.Text.Json;

namespace Quiver.GrainInterfaces.Errors;

/// <summary>Describes errors in JSON to people who do not program .NET.</summary>
public static class JsonFaults
{
    /// <summary>What is wrong, without the place, and without the framework's advice to its programmers; no full stop at the end.</summary>
    /// <param name="exception">An error of the reader.</param>
    public static string Describe(JsonException exception)
    {
        ArgumentNullException.ThrowIfNull(exception);
        var message = exception.Message;
        foreach (var place in (ReadOnlySpan<string>)[" LineNumber:", " Path:"])
        {
            var at = message.IndexOf(place, StringComparison.Ordinal);
            message = at < 0 ? message : message[..at];
        }

        message = message
            .Replace(" which is not supported in this mode", "", StringComparison.Ordinal)
            .Replace(" Change the reader options.", "", StringComparison.Ordinal)
            .Trim()
            .TrimEnd('.');
        return message switch
        {
            _ when message.Contains("isFinalBlock", StringComparison.Ordinal) => "there is nothing to read",
            _ when message.Contains("could not be converted to", StringComparison.Ordinal) => "the value has the wrong type",
            _ when message.IndexOf(" could not be mapped to any .NET member", StringComparison.Ordinal) is > 0 and var end => $"t{message[1..end]} is unknown",
            _ when message.StartsWith("Expected depth to be zero", StringComparison.Ordinal) => "an object or array is not closed",
            [var first, >= 'a' and <= 'z', ..] => char.ToLowerInvariant(first) + message[1..],
            _ => message,
        };
    }

    /// <summary>Whether a string with escape sequences holds half of a surrogate pair, which is no character.</summary>
    /// <param name="escaped">The bytes between the quotes.</param>
    public static bool HoldsLoneSurrogate(ReadOnlySpan<byte> escaped)
    {
        var isAfterHigh = false;
        for (var at = 0; at < escaped.Length;)
        {
            var unit = Unit(escaped[at..]);
            if (unit is { } low && char.IsLowSurrogate(low) != isAfterHigh)
            {
                return true;
            }

            if (unit is null && isAfterHigh)
            {
                return true;
            }

            isAfterHigh = unit is { } high && char.IsHighSurrogate(high);
            at += unit is not null ? 6 : escaped[at] == (byte)'\\' ? 2 : 1;
        }

        return isAfterHigh;
    }

    /// <summary>The code unit of an escape sequence <c>\uXXXX</c> at the beginning; null when there is none.</summary>
    private static char? Unit(ReadOnlySpan<byte> escaped) =>
        escaped.Length >= 6 && escaped.StartsWith("\\u"u8) && Utf8Parser.TryParse(escaped[2..6], out ushort unit, out var read, 'x') && read == 4
            ? (char)unit
            : null;
}
