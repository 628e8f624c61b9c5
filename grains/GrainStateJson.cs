using System.Text.Json;
using System.Text.Json.Serialization;
using Quiver.Grains.Collections;
using Quiver.Grains.Jobs;
using Quiver.Grains.Tenants;

namespace Quiver.Grains;

/// <summary>How grain state is written: names in camel case, enums as strings, no CLR type names, unknown members ignored.</summary>
public static class GrainStateJson
{
    /// <summary>The options of every state.</summary>
    public static JsonSerializerOptions Options { get; } = CreateOptions();

    /// <summary>Builds the metadata of every state, which takes a tenth of a second, so that the first write of a state does not wait for it.</summary>
    public static void WarmUp()
    {
        foreach (var state in new[] { typeof(IngestionJobState), typeof(TenantState), typeof(CollectionState) })
        {
            Options.GetTypeInfo(state);
        }
    }

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
