using System.Net.Sockets;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Quiver.Client.Json;

namespace Quiver.Client.Http;

/// <summary>Reads the JSON lines of an export as they arrive.</summary>
internal static class PointExport
{
    /// <summary>Yields the points; throws when the connection is lost, so that a partial export never looks complete.</summary>
    public static async IAsyncEnumerable<ExportedPoint> ReadAsync(
        HttpTransport transport, Func<HttpRequestMessage> request, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var response = await transport.OpenRepeatedlyAsync(request, cancellationToken);
        await using var body = new IdleTimeoutStream(
            await response.Content.ReadAsStreamAsync(cancellationToken), transport.Options.RequestTimeout, transport.Time);
        await using var points = JsonSerializer
            .DeserializeAsyncEnumerable(body, QuiverJsonContext.Shared.ExportedPoint, topLevelValues: true, cancellationToken)
            .GetAsyncEnumerator(cancellationToken);
        while (await AdvanceAsync(transport.Server, points))
        {
            yield return points.Current ?? throw HttpFaults.Unexpected(transport.Server, "a line of its export is null.");
        }
    }

    private static async Task<bool> AdvanceAsync(Uri server, IAsyncEnumerator<ExportedPoint?> points)
    {
        try
        {
            return await points.MoveNextAsync();
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException or SocketException)
        {
            throw HttpFaults.ConnectionLost(server, exception);
        }
        catch (JsonException exception)
        {
            throw HttpFaults.Unexpected(server, exception.Message, exception);
        }
    }
}
