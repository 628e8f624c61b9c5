using System.Text.Json;
using Orleans.Storage;

namespace Quiver.Grains;

/// <summary>Grain state as JSON, as <see cref="GrainStateJson"/> says.</summary>
public sealed class GrainStateSerializer : IGrainStorageSerializer
{
    /// <inheritdoc/>
    public BinaryData Serialize<T>(T? input) => new(JsonSerializer.SerializeToUtf8Bytes(input, GrainStateJson.Options));

    /// <inheritdoc/>
    public T? Deserialize<T>(BinaryData input) => JsonSerializer.Deserialize<T>(input.ToMemory().Span, GrainStateJson.Options);
}
