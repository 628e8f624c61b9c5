using System.Globalization;

namespace Quiver.Silo.Api.Requests;

/// <summary>Reads values of an address's query with messages for people.</summary>
internal static class QueryValues
{
    /// <summary>A page's size; its range is checked by the client behind.</summary>
    public static int Limit(string? value, int otherwise) =>
        value is null
            ? otherwise
            : int.TryParse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var limit)
                ? limit
                : throw Invalid("limit", value, "a whole number from 1 to 1,000");

    /// <summary>A sequence number of events.</summary>
    public static long Sequence(string? value, string name) =>
        string.IsNullOrEmpty(value)
            ? 0
            : long.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var sequence)
                ? sequence
                : throw Invalid(name, value, "the sequence number of an event, 0 or above");

    /// <summary>Yes or no.</summary>
    public static bool Flag(string? value, string name) => value switch
    {
        null or "false" => false,
        "true" => true,
        _ => throw Invalid(name, value, "true or false"),
    };

    private static InvalidRequestException Invalid(string name, string value, string allowed) =>
        new(ErrorCodes.InvalidOption, $"{name} is '{value}': give {allowed}.");
}
