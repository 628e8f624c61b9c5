using System.Text.Json;
using System.Text.Json.Serialization;

namespace Quiver.Grains;

/// <summary>How grain state is written: names in camel case, enums as strings, no CLR type names, unknown members ignored.</summary>
public static class GrainStateJson
{
    /// <summary>The options of every state.</summary>
    public static JsonSerializerOptions Options { get; } = CreateOptions();

    private static JsonSerializerOptions CreateOptions()
    {
        var options = new JsonSerializerOptions(JsonSerializerDefaults.General)
        {
            PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
            DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
            Converters = { new JsonStringEnumConverter() },
        };
        options.MakeReadOnly(populateMissingResolver: true);
        return options;
    }
}
