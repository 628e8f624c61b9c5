using System.Net;
using System.Net.Sockets;

namespace Quiver.Tests.Cluster;

/// <summary>Ports for silos, which cannot take whatever is free: below those that the system gives to outgoing connections.</summary>
internal static class FreePorts
{
    private const int First = 15_000;
    private const int Last = 30_000;

    private static int _next = Random.Shared.Next(First, Last);

    /// <summary>Two different free ports.</summary>
    public static (int Silo, int Gateway) Take() => (Next(), Next());

    private static int Next()
    {
        for (var tries = 0; tries < Last - First; tries++)
        {
            var port = First + (Interlocked.Increment(ref _next) % (Last - First));
            if (IsFree(port))
            {
                return port;
            }
        }

        throw new InvalidOperationException($"No port from {First} to {Last} is free.");
    }

    private static bool IsFree(int port)
    {
        try
        {
            using var listener = new TcpListener(IPAddress.Loopback, port);
            listener.Start();
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
