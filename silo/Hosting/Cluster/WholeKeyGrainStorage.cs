using Orleans.Runtime;
using Orleans.Storage;

namespace Quiver.Silo.Hosting.Cluster;

/// <summary>
/// Gives the store behind it keys that can only be text. Orleans' AdoNet storage takes a key that looks like a hexadecimal number for the number,
/// whatever its case and its leading zeros, and does not look at the grain's type: the tenants "cafe" and "CAFE" would have one state between them.
/// </summary>
/// <param name="store">Orleans' store.</param>
internal sealed class WholeKeyGrainStorage(IGrainStorage store) : IGrainStorage
{
    public Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState) => store.ReadStateAsync(stateName, Whole(grainId), grainState);

    public Task WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState) => store.WriteStateAsync(stateName, Whole(grainId), grainState);

    public Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState) => store.ClearStateAsync(stateName, Whole(grainId), grainState);

    /// <summary>With its type and a slash in front no key is a number.</summary>
    private static GrainId Whole(GrainId grainId) => GrainId.Create(grainId.Type, grainId.ToString());
}
