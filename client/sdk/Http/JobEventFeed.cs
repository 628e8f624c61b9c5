using System.Net.ServerSentEvents;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Quiver.Client.Json;

namespace Quiver.Client.Http;

/// <summary>A job's events as server-sent events, each once; reconnects until the server reports the end of the stream.</summary>
internal sealed class JobEventFeed(HttpTransport transport, Func<long, HttpRequestMessage> request)
{
    private readonly Backoff _backoff = new(transport.Options.RetryBaseDelay, transport.Options.RetryMaxDelay, transport.Random);

    /// <summary>Yields the events after a sequence number.</summary>
    /// <exception cref="QuiverException">The server refuses the watch, or with <see cref="ErrorCodes.ServerUnavailable"/> it cannot be reached.</exception>
    public async IAsyncEnumerable<JobEvent> ReadAsync(long after, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var last = after;
        var disconnectedAt = transport.Time.GetTimestamp();
        while (true)
        {
            var (connection, fault) = await ConnectAsync(last, cancellationToken);
            if (connection is not null)
            {
                await using (connection)
                {
                    while (await connection.ReadAsync() is { } item)
                    {
                        if (item.Sequence > last)
                        {
                            last = item.Sequence;
                            _backoff.Reset();
                            yield return item;
                        }
                    }

                    if (connection.IsComplete)
                    {
                        yield break;
                    }
                }

                disconnectedAt = transport.Time.GetTimestamp();
            }

            if (transport.Time.GetElapsedTime(disconnectedAt) >= transport.Options.WatchGiveUpAfter)
            {
                throw Unreachable(fault);
            }

            await Task.Delay(_backoff.Next(fault?.RetryAfter), transport.Time, cancellationToken);
        }
    }

    private async Task<(JobEventConnection? Connection, QuiverException? Fault)> ConnectAsync(long last, CancellationToken cancellationToken)
    {
        try
        {
            return (await JobEventConnection.OpenAsync(transport, () => request(last), cancellationToken), null);
        }
        catch (QuiverException exception) when (exception is TransientException or ThrottledException)
        {
            return (null, exception);
        }
    }

    private TransientException Unreachable(QuiverException? fault) => new(
        ErrorCodes.ServerUnavailable,
        $"The server at {transport.Server} could not be reached for {transport.Options.WatchGiveUpAfter.TotalSeconds:0} s. The watch ended, the job did not: " +
        "check that the server runs ('quiver serve' starts it), then watch the job again.",
        fault);
}

/// <summary>One connection to a job's event stream. Not thread-safe.</summary>
internal sealed class JobEventConnection : IAsyncDisposable
{
    private readonly Uri _server;
    private readonly HttpResponseMessage _response;
    private readonly Stream _stream;
    private readonly IAsyncEnumerator<SseItem<JobEvent?>> _items;

    private JobEventConnection(Uri server, HttpResponseMessage response, Stream stream, CancellationToken cancellationToken)
    {
        _server = server;
        _response = response;
        _stream = stream;
        _items = SseParser.Create(stream, Parse).EnumerateAsync(cancellationToken).GetAsyncEnumerator(cancellationToken);
    }

    /// <summary>Whether the server reported the end of the stream; false when the connection was lost.</summary>
    public bool IsComplete { get; private set; }

    /// <summary>Connects; throws as <see cref="HttpTransport.OpenAsync"/> does.</summary>
    public static async Task<JobEventConnection> OpenAsync(HttpTransport transport, Func<HttpRequestMessage> request, CancellationToken cancellationToken)
    {
        var response = await transport.OpenAsync(request, cancellationToken);
        if (response.Content.Headers.ContentType?.MediaType != EventStreamNames.ContentType)
        {
            response.Dispose();
            throw HttpFaults.Unexpected(transport.Server, "it answered a watch with something other than an event stream.");
        }

        var body = await response.Content.ReadAsStreamAsync(cancellationToken);
        return new(transport.Server, response, new IdleTimeoutStream(body, transport.Options.StreamIdleTimeout, transport.Time), cancellationToken);
    }

    /// <summary>The next event; null at the end of the stream and when the connection is lost.</summary>
    public async Task<JobEvent?> ReadAsync()
    {
        try
        {
            if (!await _items.MoveNextAsync())
            {
                return null;
            }

            IsComplete = _items.Current.EventType == EventStreamNames.End;
            return _items.Current.Data;
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException or SocketException)
        {
            return null;
        }
        catch (JsonException exception)
        {
            throw HttpFaults.Unexpected(_server, exception.Message, exception);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _items.DisposeAsync();
        await _stream.DisposeAsync();
        _response.Dispose();
    }

    private static JobEvent? Parse(string eventType, ReadOnlySpan<byte> data) =>
        eventType == EventStreamNames.End
            ? null
            : JsonSerializer.Deserialize(data, QuiverJsonContext.Shared.JobEvent) ?? throw new JsonException("An event is null.");
}
