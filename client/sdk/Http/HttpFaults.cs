using System.Net;
using System.Text.Json;
using Quiver.Client.Json;
using Quiver.Client.Requests;

namespace Quiver.Client.Http;

/// <summary>Translates HTTP failures into the exceptions that the client over grains throws.</summary>
internal static class HttpFaults
{
    private const int MaxProblemBytes = 64 * 1024;

    /// <summary>The connection was refused, reset or cut off.</summary>
    public static TransientException ConnectionLost(Uri server, Exception cause) => new(
        ErrorCodes.ServerUnavailable,
        $"The server at {server} cannot be reached: {cause.Message.TrimEnd('.')}. Start it with 'quiver serve', or check the address.",
        cause);

    /// <summary>No response within the timeout.</summary>
    public static TransientException TimedOut(Uri server, TimeSpan after, Exception? cause) =>
        new(ErrorCodes.Timeout, $"The server at {server} did not answer within {after.TotalSeconds:0.#} s. Try again, or raise the client's timeout.", cause);

    /// <summary>A response that no Quiver server of this version sends.</summary>
    public static PermanentException Unexpected(Uri server, string what, Exception? cause = null) => new(
        RequestErrorCodes.UnexpectedResponse,
        $"The server at {server} is not a Quiver server of a compatible version: {what} Check the address and the server's version.",
        cause);

    /// <summary>The exception for a response of status 400 or above.</summary>
    public static async Task<QuiverException> ReadAsync(Uri server, HttpResponseMessage response, TimeProvider time, CancellationToken cancellationToken)
    {
        var problem = await ReadProblemAsync(response, cancellationToken);
        return problem is null
            ? WithoutProblem(server, response, time)
            : Map(response.StatusCode, problem.Code, problem.Detail ?? problem.Title, RetryAfter(response, time));
    }

    private static QuiverException Map(HttpStatusCode status, string code, string message, TimeSpan? retryAfter) => (int)status switch
    {
        404 => new NotFoundException(code, message) { RetryAfter = retryAfter },
        409 => new ConflictException(code, message) { RetryAfter = retryAfter },
        422 when code == ErrorCodes.IdempotencyTokenReused => new InvalidRequestException(code, message) { RetryAfter = retryAfter },
        422 => new InvalidDocumentException(code, message) { RetryAfter = retryAfter },
        429 => new ThrottledException(code, message) { RetryAfter = retryAfter },
        502 or 503 or 504 => new TransientException(code, message) { RetryAfter = retryAfter },
        >= 400 and < 500 => new InvalidRequestException(code, message) { RetryAfter = retryAfter },
        _ => new PermanentException(code, message) { RetryAfter = retryAfter },
    };

    private static QuiverException WithoutProblem(Uri server, HttpResponseMessage response, TimeProvider time)
    {
        var status = $"status {(int)response.StatusCode} without problem details.";
        return response.StatusCode switch
        {
            // A proxy answers in place of a server that is down or overloaded.
            HttpStatusCode.BadGateway or HttpStatusCode.ServiceUnavailable or HttpStatusCode.GatewayTimeout =>
                new TransientException(ErrorCodes.ServerUnavailable, $"The server at {server} is not available: {status} Check that it runs, and try again.")
                {
                    RetryAfter = RetryAfter(response, time),
                },
            HttpStatusCode.TooManyRequests =>
                new ThrottledException(ErrorCodes.ServerUnavailable, $"The server at {server} limits the rate of requests: {status} Try again later.")
                {
                    RetryAfter = RetryAfter(response, time),
                },
            HttpStatusCode.Unauthorized or HttpStatusCode.ProxyAuthenticationRequired or HttpStatusCode.Forbidden => new PermanentException(
                ErrorCodes.AccessDenied,
                $"Something in front of the server at {server} refuses the request ({(int)response.StatusCode}): put USER:PASSWORD@ in front of the host in the "
                + "address, with special characters percent-encoded, or ask its operator."),
            _ => Unexpected(server, status),
        };
    }

    private static async Task<Problem?> ReadProblemAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        if (response.Content.Headers.ContentType?.MediaType != Problem.ContentType)
        {
            return null;
        }

        try
        {
            await response.Content.LoadIntoBufferAsync(MaxProblemBytes, cancellationToken);
            await using var body = await response.Content.ReadAsStreamAsync(cancellationToken);
            return await JsonSerializer.DeserializeAsync(body, QuiverJsonContext.Shared.Problem, cancellationToken);
        }
        catch (Exception exception) when (exception is JsonException or HttpRequestException { HttpRequestError: HttpRequestError.ConfigurationLimitExceeded })
        {
            // Problem details without a code come from another program; the status says as much.
            return null;
        }
    }

    private static TimeSpan? RetryAfter(HttpResponseMessage response, TimeProvider time) => response.Headers.RetryAfter switch
    {
        { Delta: { } delta } => delta,
        { Date: { } date } => TimeSpan.FromTicks(Math.Max(0, (date - (response.Headers.Date ?? time.GetUtcNow())).Ticks)),
        _ => null,
    };
}
