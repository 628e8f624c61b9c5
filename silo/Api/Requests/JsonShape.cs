using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Quiver.Silo.Api.Requests;

/// <summary>Finds the members of a JSON text that its type does not know, and those that it lacks, by the names that the caller wrote.</summary>
internal static class JsonShape
{
    private const int LongestExample = 40;

    /// <summary>A sentence for each fault; none when the members fit.</summary>
    public static IEnumerable<string> Check(JsonElement value, JsonTypeInfo type, string path = "")
    {
        if (type.Kind == JsonTypeInfoKind.Dictionary && type.ElementType == typeof(string) && value.ValueKind == JsonValueKind.Object)
        {
            foreach (var entry in value.EnumerateObject().Where(static entry => entry.Value.ValueKind != JsonValueKind.String))
            {
                yield return $"The value at '{path}.{entry.Name}' must be a string{Quoted(entry.Value)}.";
            }
        }

        if (type.Kind != JsonTypeInfoKind.Object || value.ValueKind != JsonValueKind.Object)
        {
            yield break;
        }

        foreach (var member in value.EnumerateObject())
        {
            var at = path.Length == 0 ? member.Name : $"{path}.{member.Name}";
            if (type.Properties.FirstOrDefault(property => property.Name == member.Name) is not { } property)
            {
                yield return $"The member '{at}' is unknown; known are {string.Join(", ", type.Properties.Select(static known => known.Name))}.";
                continue;
            }

            foreach (var fault in Check(member.Value, type.Options.GetTypeInfo(property.PropertyType), at))
            {
                yield return fault;
            }
        }

        foreach (var required in type.Properties.Where(property => property.IsRequired && !value.TryGetProperty(property.Name, out _)))
        {
            yield return $"The member '{(path.Length == 0 ? required.Name : $"{path}.{required.Name}")}' is missing.";
        }
    }

    private static string Quoted(JsonElement value) =>
        value.ValueKind is JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False && value.GetRawText() is { Length: <= LongestExample } raw
            ? $", such as \"{raw}\""
            : "";
}
