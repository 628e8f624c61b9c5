using System.Globalization;
using Orleans;
using Orleans.Runtime;

namespace Quiver.Embedded.Hosting;

/// <summary>The grain factory and client of the silo in this process.</summary>
internal sealed class ClusterClient(EmbeddedSilo silo) : IClusterClient
{
    public IServiceProvider ServiceProvider => silo.Services;

    public TGrainInterface GetGrain<TGrainInterface>(string primaryKey, string? grainClassNamePrefix = null)
        where TGrainInterface : IGrainWithStringKey
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(primaryKey);
        return Reference<TGrainInterface>(primaryKey, grainClassNamePrefix);
    }

    public TGrainInterface GetGrain<TGrainInterface>(long primaryKey, string? grainClassNamePrefix = null)
        where TGrainInterface : IGrainWithIntegerKey =>
        Reference<TGrainInterface>(primaryKey.ToString("X", CultureInfo.InvariantCulture), grainClassNamePrefix);

    private TGrainInterface Reference<TGrainInterface>(string key, string? prefix) =>
        silo.CreateReference<TGrainInterface>(GrainId.Create(silo.Classes.Resolve(typeof(TGrainInterface), prefix).GrainType, key));
}
