using Orleans.Runtime;

namespace Quiver.Tests.Support;

/// <summary>A grain's record that outlives it, kept as bytes, whose writes may be made to fail.</summary>
internal sealed class MemoryState<T>(byte[]? stored = null) : IPersistentState<T>
    where T : class, new()
{
    private static readonly Quiver.Grains.GrainStateSerializer Serializer = new();

    private T? _state;

    public byte[]? Stored { get; private set; } = stored;

    /// <summary>Thrown by writes.</summary>
    public Exception? Fault { get; set; }

    public int Writes { get; private set; }

    public T State
    {
        get => _state ??= Stored is null ? new T() : Serializer.Deserialize<T>(new BinaryData(Stored))!;
        set => _state = value;
    }

    public string? Etag => null;

    public bool RecordExists => Stored is not null;

    public Task WriteStateAsync() => WriteStateAsync(CancellationToken.None);

    public Task WriteStateAsync(CancellationToken cancellationToken)
    {
        if (Fault is { } fault)
        {
            throw fault;
        }

        Writes++;
        Stored = Serializer.Serialize(State).ToArray();
        return Task.CompletedTask;
    }

    public Task ReadStateAsync() => Task.CompletedTask;

    public Task ReadStateAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task ClearStateAsync() => ClearStateAsync(CancellationToken.None);

    public Task ClearStateAsync(CancellationToken cancellationToken)
    {
        Stored = null;
        _state = null;
        return Task.CompletedTask;
    }
}
