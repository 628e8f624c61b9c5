using Quiver.Tests.Services.S3;
using Quiver.Tests.Support;

namespace Quiver.Tests.Integration.EndToEnd;

/// <summary>An S3 server's faults: connections that break or fall silent, throttling, an object that is replaced while it is read, the server's death.</summary>
internal sealed class SourceStorm
{
    private const int Connections = 200;
    private const int SilentOneIn = 16;
    private const int ThrottledOneIn = 6;
    private const int MostBytes = 40_000;

    /// <summary>Connections that the dead server does not take before it lives again.</summary>
    private const int Refusals = 3;

    private static readonly ImmutableArray<string> Refused = [Refusal(503, "Slow Down", "SlowDown"), Refusal(500, "Internal Server Error", "InternalError")];

    private readonly S3Server _server;
    private readonly CuttingProxy _way;
    private readonly TestBucket _bucket;
    private readonly Lazy<Task> _revival;
    private readonly Lock _lock = new();
    private Task _last = Task.CompletedTask;
    private int _refusals;
    private bool _isDead;
    private bool _wasReplaced;
    private bool _isOver;

    /// <summary>Begins.</summary>
    public SourceStorm(S3Server server, CuttingProxy way, TestBucket bucket, Random random)
    {
        (_server, _way, _bucket) = (server, way, bucket);
        _revival = new(ReviveAsync);
        for (var connection = 0; connection < Connections; connection++)
        {
            way.Ends.Enqueue(EndOf(connection, random));
        }

        way.OnCut = CutAsync;
        way.OnUnreachable = RefusedAsync;
    }

    /// <summary>What has not come yet.</summary>
    public IEnumerable<string> Missing
    {
        get
        {
            // The first connections of a job meet all that befalls one by one.
            if (_way.Accepted <= Math.Max(SilentOneIn, ThrottledOneIn * Refused.Length))
            {
                yield return $"more than {_way.Accepted} connections to S3";
            }

            if (!_wasReplaced)
            {
                yield return "replaced object";
            }

            if (_refusals < Refusals)
            {
                yield return $"dead server for long enough ({_refusals} connections)";
            }
        }
    }

    /// <summary>Kills the server, and with it all that flows; it lives again when it has been missed.</summary>
    public Task KillAsync() => InTurn(async () =>
    {
        if (_isOver)
        {
            return;
        }

        _isDead = true;
        await _server.KillAsync();
        _way.CutAll();
    });

    /// <summary>From now on everything goes well.</summary>
    public Task EndAsync() => InTurn(async () =>
    {
        _isOver = true;
        if (_isDead)
        {
            await _revival.Value;
        }

        // What was accepted before has its end yet to come.
        _way.Ends.Clear();
        _way.CutAll();
    });

    private static ConnectionEnd EndOf(int connection, Random random)
    {
        var bytes = random.Next(4) == 0 ? random.Next(500) : random.Next(MostBytes);
        return (connection % ThrottledOneIn) switch
        {
            ThrottledOneIn - 1 => new(bytes, Answer: Refused[connection / ThrottledOneIn % Refused.Length]),
            _ => new(bytes, IsSilent: connection % SilentOneIn == 0),
        };
    }

    private static string Refusal(int status, string reason, string code)
    {
        var body = $"<Error><Code>{code}</Code><Message>Not now.</Message></Error>";
        return $"HTTP/1.1 {status} {reason}\r\nContent-Type: application/xml\r\nContent-Length: {body.Length}\r\nConnection: close\r\n\r\n{body}";
    }

    private async Task CutAsync(string head)
    {
        if (StormDocuments.IsForRestOfLarge(head))
        {
            await InTurn(ReplaceAsync);
        }
    }

    /// <summary>Once, while there is a server for it.</summary>
    private async Task ReplaceAsync()
    {
        if (_isOver || _isDead || _wasReplaced)
        {
            return;
        }

        await StormDocuments.ReplaceLargeAsync(_bucket);
        _wasReplaced = true;
    }

    private async Task ReviveAsync()
    {
        await _server.RestartAsync();
        _isDead = false;
    }

    /// <summary>One after the other: what changes the server needs it alive, or must leave it alive.</summary>
    private Task InTurn(Func<Task> change)
    {
        lock (_lock)
        {
            return _last = AfterAsync(_last, change);
        }
    }

    private static async Task AfterAsync(Task before, Func<Task> change)
    {
        await before.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await change();
    }

    /// <summary>A start takes seconds on a busy machine, and each connection that is refused meanwhile an attempt: from some on they wait for it.</summary>
    private Task RefusedAsync() => Interlocked.Increment(ref _refusals) >= Refusals ? _revival.Value : Task.CompletedTask;
}
