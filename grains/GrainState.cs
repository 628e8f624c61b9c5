using System.Text.Json;
using System.Text.Json.Serialization;
using Orleans.Storage;
using Quiver.Grains.Collections;
using Quiver.Grains.Jobs;
using Quiver.Grains.Tenants;

namespace Quiver.Grains;

/// <summary>The JSON format of grain state: names in camel case, enums as strings, no CLR type names, unknown members ignored.</summary>
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

/// <summary>Serializes grain state in the format of <see cref="GrainStateJson"/>.</summary>
public sealed class GrainStateSerializer : IGrainStorageSerializer
{
    /// <inheritdoc/>
    public BinaryData Serialize<T>(T? input) => new(JsonSerializer.SerializeToUtf8Bytes(input, GrainStateJson.Options));

    /// <inheritdoc/>
    public T? Deserialize<T>(BinaryData input) => JsonSerializer.Deserialize<T>(input.ToMemory().Span, GrainStateJson.Options);
}

/// <summary>Writes grain state.</summary>
internal static class PersistentStateExtensions
{
    /// <summary>
    /// Replaces the state. When the write fails, memory and storage may differ: restores the previous value and deactivates the grain, so the
    /// next activation reads what is stored.
    /// </summary>
    public static async Task ReplaceAsync<T>(this IPersistentState<T> state, T next, Action deactivate)
        where T : class
    {
        var before = state.State;
        state.State = next;
        try
        {
            await state.WriteStateAsync();
        }
        catch (Exception exception)
        {
            state.State = before;
            deactivate();
            if (QuiverException.Find(exception) is { } known)
            {
                // The store's own error says what to do; the one that Orleans wraps around it does not.
                throw known;
            }

            throw;
        }
    }
}
