using System.Net;
using System.Net.Sockets;

namespace Quiver.Tests.Cluster;

/// <summary>Ports for silos, which cannot take whatever is free.</summary>
internal static class FreePorts
{
    /// <summary>Two different ports that nobody listens on.</summary>
    public static (int Silo, int Gateway) Take()
    {
        using var first = Listen();
        using var second = Listen();
        return (PortOf(first), PortOf(second));
    }

    private static TcpListener Listen()
    {
        var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return listener;
    }

    private static int PortOf(TcpListener listener) => ((IPEndPoint)listener.LocalEndpoint).Port;
}
