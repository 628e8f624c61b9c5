using System.Globalization;
using System.Text.Json;

namespace Quiver.Tests.Support.Qdrant;

/// <summary>
/// The part of OpenAPI 3.0 schemas that Qdrant's file uses. Stricter in one respect: a member that is not in an object's schema is an error,
/// because a server that ignores it does not do what the caller expects.
/// </summary>
/// <param name="schemas">The named schemas.</param>
internal sealed class JsonSchemaSubset(JsonElement schemas)
{
    private const string Prefix = "#/components/schemas/";

    /// <summary>The errors of a value, each with its path.</summary>
    public IReadOnlyList<string> Check(JsonElement schema, JsonElement value, string place)
    {
        if (schema.TryGetProperty("$ref", out var reference))
        {
            return Check(schemas.GetProperty(reference.GetString()![Prefix.Length..]), value, place);
        }

        if (value.ValueKind == JsonValueKind.Null)
        {
            return AllowsNull(schema) ? [] : [$"{place} is null"];
        }

        foreach (var choice in (string[])["anyOf", "oneOf"])
        {
            if (schema.TryGetProperty(choice, out var branches))
            {
                return CheckAny(branches, value, place);
            }
        }

        if (schema.TryGetProperty("allOf", out var all))
        {
            return [.. all.EnumerateArray().SelectMany(part => Check(part, value, place))];
        }

        return schema.TryGetProperty("type", out var type) ? CheckType(schema, type.GetString()!, value, place)
            : schema.TryGetProperty("nullable", out _) ? [$"{place} is not null"]
            : CheckEnum(schema, value, place);
    }

    private IReadOnlyList<string> CheckAny(JsonElement branches, JsonElement value, string place)
    {
        IReadOnlyList<string>? nearest = null;
        foreach (var branch in branches.EnumerateArray())
        {
            var faults = Check(branch, value, place);
            if (faults.Count == 0)
            {
                return [];
            }

            nearest = nearest is null || Depth(faults) > Depth(nearest) ? faults : nearest;
        }

        return nearest ?? [];
    }

    // The branch with the deepest error is the intended one.
    private static int Depth(IReadOnlyList<string> faults) => faults.Max(fault => fault.Count(character => character is '.' or '['));

    private bool AllowsNull(JsonElement schema) =>
        (schema.TryGetProperty("nullable", out var nullable) && nullable.GetBoolean())
        || schema.ValueKind == JsonValueKind.Object && !schema.EnumerateObject().Any(static member => member.Name is "type" or "anyOf" or "oneOf" or "allOf" or "$ref" or "enum")
        || (schema.TryGetProperty("$ref", out var reference) && AllowsNull(schemas.GetProperty(reference.GetString()![Prefix.Length..])))
        || (schema.TryGetProperty("anyOf", out var any) && any.EnumerateArray().Any(AllowsNull))
        || (schema.TryGetProperty("oneOf", out var one) && one.EnumerateArray().Any(AllowsNull));

    private IReadOnlyList<string> CheckType(JsonElement schema, string type, JsonElement value, string place) => (type, value.ValueKind) switch
    {
        ("object", JsonValueKind.Object) => CheckObject(schema, value, place),
        ("array", JsonValueKind.Array) => CheckArray(schema, value, place),
        ("string", JsonValueKind.String) => [.. CheckEnum(schema, value, place), .. CheckFormat(schema, value.GetString()!, place)],
        ("integer", JsonValueKind.Number) when !value.TryGetInt64(out _) && !value.TryGetUInt64(out _) => [$"{place} is no whole number"],
        ("integer" or "number", JsonValueKind.Number) => CheckRange(schema, value.GetDouble(), place),
        ("boolean", JsonValueKind.True or JsonValueKind.False) => [],
        _ => [$"{place} is {value.ValueKind} and should be {type}"],
    };

    private List<string> CheckObject(JsonElement schema, JsonElement value, string place)
    {
        List<string> faults = [];
        foreach (var required in schema.TryGetProperty("required", out var names) ? names.EnumerateArray().Select(name => name.GetString()!) : [])
        {
            if (!value.TryGetProperty(required, out _))
            {
                faults.Add($"{place} lacks {required}");
            }
        }

        var hasProperties = schema.TryGetProperty("properties", out var properties);
        var hasOthers = schema.TryGetProperty("additionalProperties", out var others) && others.ValueKind != JsonValueKind.False;
        foreach (var member in value.EnumerateObject())
        {
            if (hasProperties && properties.TryGetProperty(member.Name, out var known))
            {
                faults.AddRange(Check(known, member.Value, $"{place}.{member.Name}"));
            }
            else if (hasOthers && others.ValueKind == JsonValueKind.Object)
            {
                faults.AddRange(Check(others, member.Value, $"{place}.{member.Name}"));
            }
            else if (!hasOthers && (hasProperties || schema.TryGetProperty("additionalProperties", out _)))
            {
                faults.Add($"{place} has the unknown member {member.Name}");
            }
        }

        return faults;
    }

    private List<string> CheckArray(JsonElement schema, JsonElement value, string place)
    {
        List<string> faults = [];
        if (schema.TryGetProperty("minItems", out var fewest) && value.GetArrayLength() < fewest.GetInt32())
        {
            faults.Add($"{place} has too few items");
        }

        if (schema.TryGetProperty("uniqueItems", out var unique) && unique.GetBoolean()
            && value.EnumerateArray().Select(item => item.GetRawText()).Distinct(StringComparer.Ordinal).Count() != value.GetArrayLength())
        {
            faults.Add($"{place} has an item twice");
        }

        if (schema.TryGetProperty("items", out var items))
        {
            var i = 0;
            foreach (var item in value.EnumerateArray())
            {
                faults.AddRange(Check(items, item, $"{place}[{i++}]"));
                if (faults.Count > 0)
                {
                    break;
                }
            }
        }

        return faults;
    }

    private static IReadOnlyList<string> CheckEnum(JsonElement schema, JsonElement value, string place) =>
        schema.TryGetProperty("enum", out var allowed) && !allowed.EnumerateArray().Any(item => JsonElement.DeepEquals(item, value)) ? [$"{place} is {value.GetRawText()}, which is not among the allowed"] : [];

    private static IReadOnlyList<string> CheckFormat(JsonElement schema, string value, string place) =>
        (schema.TryGetProperty("format", out var format) ? format.GetString() : null) switch
        {
            "uuid" when !Guid.TryParse(value, out _) => [$"{place} is no UUID"],
            "date-time" when !DateTimeOffset.TryParse(value, CultureInfo.InvariantCulture, DateTimeStyles.None, out _) => [$"{place} is no time"],
            _ => [],
        };

    private static IReadOnlyList<string> CheckRange(JsonElement schema, double value, string place) =>
        (schema.TryGetProperty("minimum", out var lowest) && value < lowest.GetDouble()) || (schema.TryGetProperty("maximum", out var highest) && value > highest.GetDouble())
            ? [$"{place} is out of range"]
            : [];
}
