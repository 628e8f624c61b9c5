using Orleans.Runtime;
using Orleans.Storage;

namespace Quiver.Silo.Hosting;

/// <summary>
/// Gives a store keys that are always text. Orleans' AdoNet storage parses a key that looks like a hexadecimal number, whatever its case and its
/// leading zeros, and ignores the grain's type: the tenants "cafe" and "CAFE" would share one state.
/// </summary>
internal sealed class WholeKeyGrainStorage(IGrainStorage store) : IGrainStorage
{
    public Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState) =>
        store.ReadStateAsync(stateName, Whole(grainId), grainState);

    public Task WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState) =>
        store.WriteStateAsync(stateName, Whole(grainId), grainState);

    public Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState) =>
        store.ClearStateAsync(stateName, Whole(grainId), grainState);

    /// <summary>A key that begins with the grain type and a slash is not a number.</summary>
    private static GrainId Whole(GrainId grainId) => GrainId.Create(grainId.Type, grainId.ToString());
}
