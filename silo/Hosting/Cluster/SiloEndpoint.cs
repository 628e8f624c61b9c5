using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;

namespace Quiver.Silo.Hosting.Cluster;

/// <summary>Where a silo is reached.</summary>
internal static class SiloEndpoint
{
    /// <summary>The address of the settings, or else the machine's own.</summary>
    /// <param name="options">The settings, valid.</param>
    /// <exception cref="InvalidRequestException">With <see cref="ErrorCodes.InvalidOption"/>: the machine has none.</exception>
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
                $"This machine has no address but loopback: set {ClusterOptions.Section}:{nameof(ClusterOptions.Address)} to the one at which the other silos reach it, such as 127.0.0.1 when all are on this machine.");
    }

    /// <summary>
    /// Makes sure that nobody listens yet where the silo will. Orleans shares its ports with whoever else does, and the silo that is there already
    /// would be taken for an older life of the new one, and end.
    /// </summary>
    /// <param name="options">The settings, valid.</param>
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
                $"The silo cannot listen on {address}, port {port}: {exception.Message.TrimEnd('.')}. Another silo or program may be there; set {ClusterOptions.Section}:{setting} to a free port, and {ClusterOptions.Section}:{nameof(ClusterOptions.Address)} to an address of this machine.",
                exception);
        }
    }
}
