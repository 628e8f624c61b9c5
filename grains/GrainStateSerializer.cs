using System.Text.Json;
using System.Text.Json.Serialization;
using Orleans.Storage;

namespace Quiver.Grains;

/// <summary>Grain state as JSON, the same in every store: names in camel case, enums as strings, no CLR type names, unknown members ignored.</summary>
public sealed class GrainStateSerializer : IGrainStorageSerializer
{
    /// <summary>The options of every state.</summary>
    public static JsonSerializerOptions Options { get; } = CreateOptions();

    /// <inheritdoc/>
    public BinaryData Serialize<T>(T? input) => new(JsonSerializer.SerializeToUtf8Bytes(input, Options));

    /// <inheritdoc/>
    public T? Deserialize<T>(BinaryData input) => JsonSerializer.Deserialize<T>(input.ToMemory().Span, Options);

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
