using System.Globalization;

namespace Quiver.Silo.Api.Requests;

/// <summary>Parses query parameters.</summary>
internal static class QueryValues
{
    /// <summary>A page size; the client checks its range.</summary>
    public static int Limit(string? value, int otherwise) =>
        value is null
            ? otherwise
            : int.TryParse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var limit)
                ? limit
                : throw Invalid("limit", value, "a whole number from 1 to 1,000");

    /// <summary>The sequence number of an event; 0 when missing.</summary>
    public static long Sequence(string? value, string name) =>
        string.IsNullOrEmpty(value)
            ? 0
            : long.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var sequence)
                ? sequence
                : throw Invalid(name, value, "the sequence number of an event, 0 or above");

    /// <summary>A flag; false when missing.</summary>
    public static bool Flag(string? value, string name) => value switch
    {
        null or "false" => false,
        "true" => true,
        _ => throw Invalid(name, value, "true or false"),
    };

    private static InvalidRequestException Invalid(string name, string value, string allowed) =>
        new(ErrorCodes.InvalidOption, $"{name} is '{value}': use {allowed}.");
}
