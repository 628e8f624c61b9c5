using System.Globalization;
using Orleans;
using Orleans.Runtime;
using Orleans.Storage;

namespace Quiver.Tests.Support;

/// <summary>Grain state that lives as long as the process, serialized so that it behaves as a real store does.</summary>
/// <param name="serializer">Turns state into bytes.</param>
internal sealed class SharedGrainStorage(IGrainStorageSerializer serializer) : IGrainStorage
{
    private readonly Lock _gate = new();
    private readonly Dictionary<(string, GrainId), (string ETag, BinaryData Value)> _records = [];
    private long _version;

    /// <summary>Thrown by writes.</summary>
    public Exception? Fault { get; set; }

    /// <inheritdoc/>
    public Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        (string ETag, BinaryData Value) record;
        bool found;
        lock (_gate)
        {
            found = _records.TryGetValue((stateName, grainId), out record);
        }

        grainState.State = found ? serializer.Deserialize<T>(record.Value) : Activator.CreateInstance<T>();
        grainState.ETag = found ? record.ETag : null;
        grainState.RecordExists = found;
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        var value = serializer.Serialize(grainState.State);
        lock (_gate)
        {
            Refuse();
            Check(stateName, grainId, grainState.ETag);
            var etag = (++_version).ToString(CultureInfo.InvariantCulture);
            _records[(stateName, grainId)] = (etag, value);
            grainState.ETag = etag;
        }

        grainState.RecordExists = true;
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        lock (_gate)
        {
            Refuse();
            Check(stateName, grainId, grainState.ETag);
            _records.Remove((stateName, grainId));
        }

        grainState.State = Activator.CreateInstance<T>();
        grainState.ETag = null;
        grainState.RecordExists = false;
        return Task.CompletedTask;
    }

    private void Refuse()
    {
        if (Fault is { } fault)
        {
            throw fault;
        }
    }

    private void Check(string stateName, GrainId grainId, string? etag)
    {
        var stored = _records.TryGetValue((stateName, grainId), out var record) ? record.ETag : null;
        if (stored != etag)
        {
            throw new InconsistentStateException($"The record '{stateName}' of {grainId} was changed by somebody else.", stored, etag);
        }
    }
}
