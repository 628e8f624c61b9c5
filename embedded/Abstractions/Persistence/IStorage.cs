namespace Orleans.Core;

/// <summary>A grain's stored record.</summary>
public interface IStorage
{
    /// <summary>The version of the record as last read or written; null when there is none.</summary>
    string? Etag { get; }

    /// <summary>Whether the record is stored.</summary>
    bool RecordExists { get; }

    /// <summary>Deletes the record and resets the state.</summary>
    Task ClearStateAsync();

    /// <inheritdoc cref="ClearStateAsync()"/>
    /// <param name="cancellationToken">Gives up before the store is asked.</param>
    Task ClearStateAsync(CancellationToken cancellationToken);

    /// <summary>Stores the state.</summary>
    /// <exception cref="Orleans.Storage.InconsistentStateException">Somebody else wrote the record since it was read.</exception>
    /// <exception cref="Orleans.Runtime.OrleansException">The store failed; the state in memory keeps its value and the record its old one.</exception>
    Task WriteStateAsync();

    /// <inheritdoc cref="WriteStateAsync()"/>
    /// <param name="cancellationToken">Gives up before the store is asked.</param>
    Task WriteStateAsync(CancellationToken cancellationToken);

    /// <summary>Replaces the state by what is stored.</summary>
    Task ReadStateAsync();

    /// <inheritdoc cref="ReadStateAsync()"/>
    /// <param name="cancellationToken">Gives up before the store is asked.</param>
    Task ReadStateAsync(CancellationToken cancellationToken);
}

/// <summary>A grain's stored record.</summary>
/// <typeparam name="TState">The state's type.</typeparam>
public interface IStorage<TState> : IStorage
{
    /// <summary>The state in memory.</summary>
    TState State { get; set; }
}
