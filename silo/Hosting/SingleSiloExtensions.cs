using System.Net;
using Orleans.Configuration;
using Orleans.Hosting;

namespace Quiver.Silo.Hosting;

/// <summary>Runs a silo on its own.</summary>
internal static class SingleSiloExtensions
{
    /// <summary>Makes the silo the only one, without sockets. To be called where Orleans' own services are registered: in <c>AddOrleans</c> or <c>UseOrleans</c>.</summary>
    /// <param name="silo">The silo.</param>
    /// <exception cref="InvalidOperationException">This version of Orleans makes its connections otherwise.</exception>
    public static ISiloBuilder UseSingleSilo(this ISiloBuilder silo)
    {
        silo.Services.Configure<EndpointOptions>(static endpoint =>
        {
            // An identity only: nothing listens there.
            endpoint.AdvertisedIPAddress = IPAddress.Loopback;
            endpoint.SiloPort = 1;
            endpoint.GatewayPort = 0;
        });
        silo.UseDevelopmentClustering(primarySiloEndpoint: null);
        var replaced = NoTransport.Replace(silo.Services);
        return replaced == NoTransport.Replaced ? silo : throw new InvalidOperationException($"Orleans registers {replaced} connection factories, not {NoTransport.Replaced}.");
    }
}
