using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Quiver.Tests.Support;

/// <summary>
/// A TCP proxy whose connections can be cut in the middle, as networks do: with a reset, after so many bytes, or not accepted at all; or fall
/// silent, as a frozen server does; or be answered in the server's place, as gateways do.
/// </summary>
internal sealed class CuttingProxy : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly Lock _lock = new();
    private readonly HashSet<Socket> _open = [];
    private readonly Uri _target;
    private readonly Task _accepting;

    public CuttingProxy(Uri target)
    {
        _target = target;
        _listener.Start();
        Address = new Uri($"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}");
        _accepting = AcceptAsync();
    }

    public Uri Address { get; }

    /// <summary>What happens to the next connections; taken one by one. Null lets everything pass.</summary>
    public ConcurrentQueue<ConnectionEnd?> Ends { get; } = new();

    /// <summary>Resets every connection at once when accepted.</summary>
    public bool Refuses { get; set; }

    public int Accepted { get; private set; }

    /// <summary>Called before a connection is cut after its bytes, with the head of the last request on it.</summary>
    public Func<string, Task>? OnCut { get; set; }

    /// <summary>Called before a connection is reset because the server takes none.</summary>
    public Func<Task>? OnUnreachable { get; set; }

    /// <summary>Resets all connections.</summary>
    public void CutAll()
    {
        lock (_lock)
        {
            foreach (var socket in _open)
            {
                Reset(socket);
            }

            _open.Clear();
        }
    }

    public async ValueTask DisposeAsync()
    {
        // A listener that is closed while it is between two connections says that it never listened: accepting ends first.
        await _stop.CancelAsync();
        CutAll();
        await _accepting;
        _listener.Dispose();
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        List<Task> pumps = [];
        try
        {
            while (true)
            {
                var socket = await _listener.AcceptSocketAsync(_stop.Token);
                Accepted++;
                if (Refuses)
                {
                    Reset(socket);
                }
                else
                {
                    pumps.Add(ServeAsync(socket));
                }
            }
        }
        catch (Exception exception) when (IsEnd(exception))
        {
            await Task.WhenAll(pumps);
        }
    }

    private async Task ServeAsync(Socket caller)
    {
        var server = new Socket(SocketType.Stream, ProtocolType.Tcp);
        lock (_lock)
        {
            _open.Add(caller);
            _open.Add(server);
        }

        try
        {
            if (!await TryConnectAsync(server))
            {
                return;
            }

            var end = Ends.TryDequeue(out var next) ? next : null;
            if (end?.Answer is { } answer)
            {
                await AnswerAsync(caller, answer);
            }
            else
            {
                await RelayAsync(caller, server, end);
            }
        }
        catch (Exception exception) when (IsEnd(exception))
        {
            // The connection is over, one way or the other.
        }
        finally
        {
            Reset(caller);
            Reset(server);
        }
    }

    private async Task<bool> TryConnectAsync(Socket server)
    {
        try
        {
            await server.ConnectAsync(IPAddress.Loopback, _target.Port, _stop.Token);
            return true;
        }
        catch (SocketException)
        {
            await (OnUnreachable?.Invoke() ?? Task.CompletedTask);
            return false;
        }
    }

    private async Task RelayAsync(Socket caller, Socket server, ConnectionEnd? end)
    {
        var asked = "";
        var up = PumpAsync(caller, server, null, sent => asked = HeadOf(sent.Span) ?? asked);
        var isCut = await PumpAsync(server, caller, end?.Bytes, static _ => { });
        if (end is { IsSilent: true })
        {
            await up;
        }

        if (isCut)
        {
            await (OnCut?.Invoke(asked) ?? Task.CompletedTask);
        }

        Reset(caller);
        Reset(server);
        await up;
    }

    /// <summary>Answers the first request and closes the connection in good order, so that the answer arrives.</summary>
    private async Task AnswerAsync(Socket caller, string answer)
    {
        var buffer = new byte[4096];
        await caller.ReceiveAsync(buffer, _stop.Token);
        await caller.SendAsync(Encoding.ASCII.GetBytes(answer), _stop.Token);
        caller.Shutdown(SocketShutdown.Send);
        while (await caller.ReceiveAsync(buffer, _stop.Token) > 0)
        {
            // Closed with something unread, a socket is reset, and the answer with it.
        }
    }

    /// <summary>Passes bytes on until there are no more.</summary>
    /// <returns>Whether it ended because the budget was used up.</returns>
    private async Task<bool> PumpAsync(Socket from, Socket to, int? budget, Action<ReadOnlyMemory<byte>> passing)
    {
        var buffer = new byte[4096];
        try
        {
            while (budget is null or > 0)
            {
                var read = await from.ReceiveAsync(buffer.AsMemory(0, Math.Min(buffer.Length, budget ?? buffer.Length)), _stop.Token);
                if (read == 0)
                {
                    return false;
                }

                passing(buffer.AsMemory(0, read));
                await to.SendAsync(buffer.AsMemory(0, read), _stop.Token);
                budget -= read;
            }

            return true;
        }
        catch (Exception exception) when (IsEnd(exception))
        {
            Reset(to);
            return false;
        }
    }

    /// <summary>The head of the request that bytes are; null when they are none.</summary>
    private static string? HeadOf(ReadOnlySpan<byte> bytes)
    {
        var end = bytes.IndexOf("\r\n\r\n"u8);
        return end > 0 && bytes[..end].IndexOf(" HTTP/1.1\r\n"u8) > 0 ? Encoding.ASCII.GetString(bytes[..end]) : null;
    }

    private static bool IsEnd(Exception exception) => exception is OperationCanceledException or SocketException or ObjectDisposedException;

    private static void Reset(Socket socket)
    {
        // Closing with a linger time of zero sends a reset instead of an orderly end.
        if (socket.SafeHandle.IsClosed)
        {
            return;
        }

        try
        {
            socket.LingerState = new LingerOption(true, 0);
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            socket.Dispose();
        }

        socket.Dispose();
    }
}
