using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace Quiver.Tests.Support;

/// <summary>
/// A TCP proxy whose connections can be cut in the middle, as networks do: with a reset, after so many bytes, or not accepted at all; or fall
/// silent, as a frozen server does.
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

    /// <summary>Resets all connections.</summary>
    public void CutAll()
    {
        lock (_lock)
        {
            foreach (var socket in _open)
                Reset(socket);
            _open.Clear();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Dispose();
        CutAll();
        await _accepting;
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
                    Reset(socket);
                else
                    pumps.Add(ServeAsync(socket, Ends.TryDequeue(out var end) ? end : null));
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            await Task.WhenAll(pumps);
        }
    }

    private async Task ServeAsync(Socket caller, ConnectionEnd? end)
    {
        var server = new Socket(SocketType.Stream, ProtocolType.Tcp);
        lock (_lock)
        {
            _open.Add(caller);
            _open.Add(server);
        }

        try
        {
            await server.ConnectAsync(IPAddress.Loopback, _target.Port, _stop.Token);
            var up = PumpAsync(caller, server, null);
            await PumpAsync(server, caller, end?.Bytes);
            if (end is { IsSilent: true })
                await up;
            Reset(caller);
            Reset(server);
            await up;
        }
        catch (Exception exception) when (exception is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            Reset(caller);
            Reset(server);
        }
    }

    private async Task PumpAsync(Socket from, Socket to, int? budget)
    {
        var buffer = new byte[4096];
        try
        {
            while (budget is null or > 0)
            {
                var read = await from.ReceiveAsync(buffer.AsMemory(0, Math.Min(buffer.Length, budget ?? buffer.Length)), _stop.Token);
                if (read == 0)
                    return;
                await to.SendAsync(buffer.AsMemory(0, read), _stop.Token);
                budget -= read;
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            Reset(to);
        }
    }

    private static void Reset(Socket socket)
    {
        // Closing with a linger time of zero sends a reset instead of an orderly end.
        if (socket.SafeHandle.IsClosed)
            return;
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
