using System.Net;
using Microsoft.AspNetCore.Connections;

namespace Quiver.Silo.Hosting;

/// <summary>
/// A silo without sockets. Orleans always binds a listener for other silos; one silo alone has none, and a port that was not asked for is a risk
/// and keeps a second process from starting.
/// </summary>
internal sealed class NoTransport : IConnectionListenerFactory, IConnectionListener, IConnectionFactory
{
    /// <summary>How many registrations of Orleans are replaced: listeners for silos and for clients, connections to silos.</summary>
    internal const int Replaced = 3;

    private readonly TaskCompletionSource<ConnectionContext?> _unbound = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private NoTransport(EndPoint endPoint) => EndPoint = endPoint;

    public EndPoint EndPoint { get; }

    /// <summary>Replaces every factory of connections and listeners in the services.</summary>
    /// <param name="services">The silo's services, Orleans' registrations included.</param>
    /// <returns>How many registrations were replaced.</returns>
    internal static int Replace(IServiceCollection services)
    {
        var factories = services.Where(static service => service.IsKeyedService && (service.ServiceType == typeof(IConnectionListenerFactory) || service.ServiceType == typeof(IConnectionFactory))).ToArray();
        foreach (var factory in factories)
        {
            services.Remove(factory);
            services.Add(ServiceDescriptor.KeyedSingleton(factory.ServiceType, factory.ServiceKey, static (_, _) => new NoTransport(new IPEndPoint(IPAddress.None, 0))));
        }

        return factories.Length;
    }

    public ValueTask<IConnectionListener> BindAsync(EndPoint endpoint, CancellationToken cancellationToken = default) => new(new NoTransport(endpoint));

    public ValueTask<ConnectionContext?> AcceptAsync(CancellationToken cancellationToken = default) => new(_unbound.Task.WaitAsync(cancellationToken));

    public ValueTask<ConnectionContext> ConnectAsync(EndPoint endpoint, CancellationToken cancellationToken = default) =>
        throw new InvalidOperationException($"A silo on its own connects to no other, and was asked to connect to {endpoint}.");

    public ValueTask UnbindAsync(CancellationToken cancellationToken = default)
    {
        _unbound.TrySetResult(null);
        return ValueTask.CompletedTask;
    }

    public ValueTask DisposeAsync() => UnbindAsync();
}
