using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using Microsoft.Extensions.Options;
using Quiver.Silo.Options;

namespace Quiver.Silo.Hosting;

/// <summary>The address and the ports of a silo of a cluster.</summary>
internal static class SiloEndpoint
{
    /// <summary>The configured address, otherwise the machine's first IPv4 address that is not loopback.</summary>
    /// <exception cref="InvalidRequestException">With <see cref="ErrorCodes.InvalidOption"/>: the machine has no such address.</exception>
    public static IPAddress AddressOf(ClusterOptions options)
    {
        if (options.Address.Length > 0)
        {
            return IPAddress.Parse(options.Address);
        }

        return NetworkInterface.GetAllNetworkInterfaces()
            .Where(static network => network.OperationalStatus == OperationalStatus.Up && network.NetworkInterfaceType != NetworkInterfaceType.Loopback)
            .SelectMany(static network => network.GetIPProperties().UnicastAddresses)
            .Select(static unicast => unicast.Address)
            .FirstOrDefault(static address => address.AddressFamily == AddressFamily.InterNetwork && !IPAddress.IsLoopback(address))
            ?? throw new InvalidRequestException(
                ErrorCodes.InvalidOption,
                $"This machine has only a loopback address: set {ClusterOptions.Section}:{nameof(ClusterOptions.Address)} to the address at which "
                + "the other silos reach it, or to 127.0.0.1 when all silos run on this machine.");
    }

    /// <summary>
    /// Checks that the silo's ports are free. Orleans binds its ports in shared mode, and a silo that already listens there would be taken for a former
    /// run of the new silo and be stopped.
    /// </summary>
    /// <exception cref="InvalidRequestException">With <see cref="ErrorCodes.InvalidOption"/>: a port is taken.</exception>
    public static void RequireFree(ClusterOptions options)
    {
        var address = AddressOf(options);
        RequireFree(address, options.SiloPort, nameof(ClusterOptions.SiloPort));
        RequireFree(address, options.GatewayPort, nameof(ClusterOptions.GatewayPort));
    }

    private static void RequireFree(IPAddress address, int port, string setting)
    {
        using var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.Bind(new IPEndPoint(address, port));
        }
        catch (SocketException exception)
        {
            throw new InvalidRequestException(
                ErrorCodes.InvalidOption,
                $"The silo cannot listen on {address}, port {port}: {exception.Message.TrimEnd('.')}. Another silo or program may use the port; set "
                + $"{ClusterOptions.Section}:{setting} to a free port, and "
                + $"{ClusterOptions.Section}:{nameof(ClusterOptions.Address)} to an address of this machine.",
                exception);
        }
    }
}

/// <summary>Stops the start of a silo whose ports are taken. Register it before the silo.</summary>
internal sealed class SiloPortCheck(IOptions<ClusterOptions> options) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken)
    {
        SiloEndpoint.RequireFree(options.Value);
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
