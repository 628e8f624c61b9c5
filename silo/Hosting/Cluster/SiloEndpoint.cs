using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;

namespace Quiver.Silo.Hosting.Cluster;

/// <summary>Where a silo is reached.</summary>
internal static class SiloEndpoint
{
    /// <summary>The address of the settings, or else the machine's own.</summary>
    /// <param name="options">The settings.</param>
    /// <exception cref="InvalidRequestException">With <see cref="ErrorCodes.InvalidOption"/>: that is no address, or the machine has none.</exception>
    public static IPAddress AddressOf(ClusterOptions options)
    {
        if (options.Address.Length > 0)
        {
            return IPAddress.TryParse(options.Address, out var named)
                ? named
                : throw Invalid($"{ClusterOptions.Section}:{nameof(ClusterOptions.Address)} is '{options.Address}': set it to an IP address of this machine, such as 10.0.0.5.");
        }

        return NetworkInterface.GetAllNetworkInterfaces()
            .Where(static network => network.OperationalStatus == OperationalStatus.Up && network.NetworkInterfaceType != NetworkInterfaceType.Loopback)
            .SelectMany(static network => network.GetIPProperties().UnicastAddresses)
            .Select(static unicast => unicast.Address)
            .FirstOrDefault(static address => address.AddressFamily == AddressFamily.InterNetwork && !IPAddress.IsLoopback(address))
            ?? throw Invalid($"This machine has no address but loopback: set {ClusterOptions.Section}:{nameof(ClusterOptions.Address)} to the one at which the other silos reach it, such as 127.0.0.1 when all are on this machine.");
    }

    private static InvalidRequestException Invalid(string message) => new(ErrorCodes.InvalidOption, message);
}
