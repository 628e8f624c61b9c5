using System.Net.ServerSentEvents;
using System.Net.Sockets;
using System.Text.Json;
using Quiver.Client.Json;

namespace Quiver.Client.Http;

/// <summary>One connection to a job's event stream. Not thread-safe.</summary>
internal sealed class JobEventConnection : IAsyncDisposable
{
    private readonly HttpResponseMessage _response;
    private readonly Stream _stream;
    private readonly IAsyncEnumerator<SseItem<JobEvent?>> _items;

    private JobEventConnection(HttpResponseMessage response, Stream stream, CancellationToken cancellationToken)
    {
        _response = response;
        _stream = stream;
        _items = SseParser.Create(stream, Parse).EnumerateAsync(cancellationToken).GetAsyncEnumerator(cancellationToken);
    }

    /// <summary>Connects. Throws as <see cref="HttpTransport.OpenAsync"/> does.</summary>
    /// <param name="transport">How to reach the server.</param>
    /// <param name="request">Makes the request.</param>
    /// <param name="cancellationToken">Ends the connection.</param>
    public static async Task<JobEventConnection> OpenAsync(
        HttpTransport transport, Func<HttpRequestMessage> request, CancellationToken cancellationToken)
    {
        var response = await transport.OpenAsync(request, cancellationToken);
        if (response.Content.Headers.ContentType?.MediaType != EventStreamNames.ContentType)
        {
            response.Dispose();
            throw HttpFaults.Unexpected(transport.Server, "it answered a watch with something other than an event stream.");
        }

        var body = await response.Content.ReadAsStreamAsync(cancellationToken);
        return new(response, new IdleTimeoutStream(body, transport.Options.StreamIdleTimeout, transport.Time), cancellationToken);
    }

    /// <summary>The next event; or that the stream said its end; or that it broke off.</summary>
    public async Task<(JobEventReading Outcome, JobEvent? Event)> ReadAsync(Uri server)
    {
        try
        {
            if (!await _items.MoveNextAsync())
            {
                return (JobEventReading.Lost, null);
            }

            return _items.Current.EventType == EventStreamNames.End ? (JobEventReading.Ended, null) : (JobEventReading.Event, _items.Current.Data);
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException or SocketException)
        {
            return (JobEventReading.Lost, null);
        }
        catch (JsonException exception)
        {
            throw HttpFaults.Unexpected(server, exception.Message, exception);
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
