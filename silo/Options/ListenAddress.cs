using System.Net;
using System.Net.Sockets;

namespace Quiver.Silo.Options;

/// <summary>Parses and checks addresses to listen on.</summary>
internal static class ListenAddress
{
    /// <summary>Why the server cannot listen on an address, in a sentence; null when it can.</summary>
    public static string? FindFault(string url, bool allowRemote)
    {
        if (!TryParse(url, out var address))
        {
            return $"'{url}' is not an address to listen on: write http://127.0.0.1:7700, with port 0 for any free one.";
        }

        if (address.AbsolutePath != "/" || address.Query.Length > 0)
        {
            return $"'{url}' has a path: remove it, because Quiver serves the root of an address only.";
        }

        return IsLoopback(url) || allowRemote
            ? null
            : $"Other machines can reach '{url}', and Quiver does not authenticate its callers: to allow this, name the address with --urls "
                + $"or set {ServerOptions.Section}:AllowRemote to true.";
    }

    /// <summary>True when only this machine can connect. A host name other than localhost makes the server listen on every interface.</summary>
    public static bool IsLoopback(string url) =>
        TryParse(url, out var address)
        && (string.Equals(address.Host, "localhost", StringComparison.OrdinalIgnoreCase)
            || (IPAddress.TryParse(address.DnsSafeHost, out var ip) && IPAddress.IsLoopback(ip)));

    /// <summary>Checks that no other program listens on an address. Host names and port 0 are not checked.</summary>
    /// <param name="url">A valid address.</param>
    /// <exception cref="IOException">Another program listens on it.</exception>
    public static void RequireFree(string url)
    {
        var address = new Uri(Concrete(url));
        var ip = IPAddress.TryParse(address.DnsSafeHost, out var given) ? given : IsLoopback(url) ? IPAddress.Loopback : null;
        if (ip is null || address.Port == 0)
        {
            return;
        }

        using var socket = new Socket(ip.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.Bind(new IPEndPoint(ip, address.Port));
        }
        catch (SocketException exception)
        {
            throw new IOException($"{exception.Message.TrimEnd('.')}.", exception);
        }
    }

    /// <summary>The address at which programs on this machine reach a server that listens on the given one.</summary>
    public static Uri ForLocalUse(string url)
    {
        var address = new Uri(Concrete(url));
        if (!IPAddress.TryParse(address.DnsSafeHost, out var ip))
        {
            return IsLoopback(url) ? address : With(address, "127.0.0.1");
        }

        return ip.Equals(IPAddress.Any) ? With(address, "127.0.0.1") : ip.Equals(IPAddress.IPv6Any) ? With(address, "[::1]") : address;
    }

    private static Uri With(Uri address, string host) => new UriBuilder(address) { Host = host }.Uri;

    private static bool TryParse(string url, out Uri address) =>
        Uri.TryCreate(Concrete(url), UriKind.Absolute, out address!) && address is { Scheme: "http" or "https", Host.Length: > 0 };

    // The server takes + and * for every interface, but a URI does not accept them as host names.
    private static string Concrete(string url) =>
        url.Replace("://+", "://0.0.0.0", StringComparison.Ordinal).Replace("://*", "://0.0.0.0", StringComparison.Ordinal);
}
