using System.Net;
using Microsoft.AspNetCore.Connections;
using Orleans.Configuration;
using Orleans.Hosting;

namespace Quiver.Silo.Hosting;

/// <summary>
/// A silo without sockets. Orleans always binds a listener for other silos. A single silo needs none, and an open port would be a risk and would
/// keep a second process from starting.
/// </summary>
internal sealed class NoTransport : IConnectionListenerFactory, IConnectionListener, IConnectionFactory
{
    /// <summary>The number of registrations to replace: listeners for silos and for clients, connections to silos.</summary>
    internal const int Replaced = 3;

    private readonly TaskCompletionSource<ConnectionContext?> _unbound = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private NoTransport(EndPoint endPoint) => EndPoint = endPoint;

    public EndPoint EndPoint { get; }

    /// <summary>Replaces all factories of connections and listeners that Orleans registered.</summary>
    /// <returns>The number of replaced registrations.</returns>
    internal static int Replace(IServiceCollection services)
    {
        var factories = services
            .Where(static service => service.IsKeyedService)
            .Where(static service => service.ServiceType == typeof(IConnectionListenerFactory) || service.ServiceType == typeof(IConnectionFactory))
            .ToArray();
        foreach (var factory in factories)
        {
            services.Remove(factory);
            services.Add(ServiceDescriptor.KeyedSingleton(
                factory.ServiceType, factory.ServiceKey, static (_, _) => new NoTransport(new IPEndPoint(IPAddress.None, 0))));
        }

        return factories.Length;
    }

    public ValueTask<IConnectionListener> BindAsync(EndPoint endpoint, CancellationToken cancellationToken = default) => new(new NoTransport(endpoint));

    public ValueTask<ConnectionContext?> AcceptAsync(CancellationToken cancellationToken = default) => new(_unbound.Task.WaitAsync(cancellationToken));

    public ValueTask<ConnectionContext> ConnectAsync(EndPoint endpoint, CancellationToken cancellationToken = default) =>
        throw new InvalidOperationException($"A single silo has no connections, but Orleans opens one to {endpoint}.");

    public ValueTask UnbindAsync(CancellationToken cancellationToken = default)
    {
        _unbound.TrySetResult(null);
        return ValueTask.CompletedTask;
    }

    public ValueTask DisposeAsync() => UnbindAsync();
}

/// <summary>Runs a single silo.</summary>
internal static class SingleSiloExtensions
{
    /// <summary>
    /// Makes the silo the only one, without sockets. Call it in <c>AddOrleans</c> or <c>UseOrleans</c>, where Orleans' services are registered.
    /// </summary>
    /// <exception cref="InvalidOperationException">This version of Orleans registers its connections in another way.</exception>
    public static ISiloBuilder UseSingleSilo(this ISiloBuilder silo)
    {
        silo.Services.Configure<EndpointOptions>(static endpoint =>
        {
            // Only an identity: no socket is opened.
            endpoint.AdvertisedIPAddress = IPAddress.Loopback;
            endpoint.SiloPort = 1;
            endpoint.GatewayPort = 0;
        });
        silo.UseDevelopmentClustering(primarySiloEndpoint: null);
        var replaced = NoTransport.Replace(silo.Services);
        return replaced == NoTransport.Replaced
            ? silo
            : throw new InvalidOperationException($"Orleans registers {replaced} connection factories, not {NoTransport.Replaced}.");
    }
}
