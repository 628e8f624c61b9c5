using Orleans.Runtime;

namespace Orleans.Storage;

/// <summary>A store of grain state. Writes compare the etag with the stored one and are atomic; implementations are safe for concurrent use.</summary>
public interface IGrainStorage
{
    /// <summary>Fills <paramref name="grainState"/> from the record; a new state when there is none.</summary>
    /// <typeparam name="T">The state's type.</typeparam>
    /// <param name="stateName">The record, within the grain.</param>
    /// <param name="grainId">The grain.</param>
    /// <param name="grainState">Receives state, etag and whether the record exists.</param>
    Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState);

    /// <inheritdoc cref="ReadStateAsync{T}(string, GrainId, IGrainState{T})"/>
    /// <typeparam name="T">The state's type.</typeparam>
    /// <param name="stateName">The record, within the grain.</param>
    /// <param name="grainId">The grain.</param>
    /// <param name="grainState">Receives state, etag and whether the record exists.</param>
    /// <param name="cancellationToken">Gives up.</param>
    Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState, CancellationToken cancellationToken) =>
        ReadStateAsync(stateName, grainId, grainState);

    /// <summary>Writes the record and sets the new etag.</summary>
    /// <typeparam name="T">The state's type.</typeparam>
    /// <param name="stateName">The record, within the grain.</param>
    /// <param name="grainId">The grain.</param>
    /// <param name="grainState">The state, and the etag that the record must have.</param>
    /// <exception cref="InconsistentStateException">The record has another etag.</exception>
    Task WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState);

    /// <inheritdoc cref="WriteStateAsync{T}(string, GrainId, IGrainState{T})"/>
    /// <typeparam name="T">The state's type.</typeparam>
    /// <param name="stateName">The record, within the grain.</param>
    /// <param name="grainId">The grain.</param>
    /// <param name="grainState">The state, and the etag that the record must have.</param>
    /// <param name="cancellationToken">Gives up.</param>
    Task WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState, CancellationToken cancellationToken) =>
        WriteStateAsync(stateName, grainId, grainState);

    /// <summary>Deletes the record and resets <paramref name="grainState"/>.</summary>
    /// <typeparam name="T">The state's type.</typeparam>
    /// <param name="stateName">The record, within the grain.</param>
    /// <param name="grainId">The grain.</param>
    /// <param name="grainState">The etag that the record must have.</param>
    /// <exception cref="InconsistentStateException">The record has another etag.</exception>
    Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState);

    /// <inheritdoc cref="ClearStateAsync{T}(string, GrainId, IGrainState{T})"/>
    /// <typeparam name="T">The state's type.</typeparam>
    /// <param name="stateName">The record, within the grain.</param>
    /// <param name="grainId">The grain.</param>
    /// <param name="grainState">The etag that the record must have.</param>
    /// <param name="cancellationToken">Gives up.</param>
    Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState, CancellationToken cancellationToken) =>
        ClearStateAsync(stateName, grainId, grainState);
}
