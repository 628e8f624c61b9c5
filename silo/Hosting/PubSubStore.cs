using Orleans.Configuration;
using Orleans.Serialization;
using Orleans.Storage;

namespace Quiver.Silo.Hosting;

/// <summary>
/// Where streams keep who listens. In memory: streams are only a hint for watchers, who ask the ledger as well, so that it need not outlive a
/// silo.
/// </summary>
internal static class PubSubStore
{
    /// <summary>The name that streams look for.</summary>
    private const string Name = "PubSubStore";

    /// <summary>Adds it.</summary>
    /// <param name="silo">Where to.</param>
    public static ISiloBuilder AddPubSubStore(this ISiloBuilder silo) =>
        silo.AddMemoryGrainStorage(Name, static options => options.Configure<Serializer>(static (store, serializer) =>

            // The state is Orleans' own and in Orleans' own form; the silo's serializer is for that of Quiver's grains.
            store.GrainStorageSerializer = new OrleansGrainStorageSerializer(serializer)));
}
