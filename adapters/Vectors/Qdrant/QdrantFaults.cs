using System.Net;
using System.Text.Json;

namespace Quiver.Adapters.Vectors.Qdrant;

/// <summary>Classifies the errors of the server.</summary>
internal static class QdrantFaults
{
    private const int MaxTextLength = 500;

    /// <summary>The error of an answer with an error status.</summary>
    /// <param name="request">The request.</param>
    /// <param name="status">The HTTP status.</param>
    /// <param name="body">The body: JSON, or plain text when the credentials are rejected.</param>
    /// <param name="retryAfter">The value of Retry-After, if any.</param>
    public static QuiverException OfStatus(QdrantRequest request, HttpStatusCode status, string body, TimeSpan? retryAfter)
    {
        var text = ReadError(body);
        var message = $"Qdrant answered {request.Operation} with {(int)status}: {text}";
        return status switch
        {
            HttpStatusCode.BadRequest or HttpStatusCode.UnprocessableEntity => OfBadRequest(request, message, text),
            HttpStatusCode.RequestEntityTooLarge => TooLarge(message),
            HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden => new PermanentException(
                ErrorCodes.AccessDenied, $"{message} Set {QdrantOptions.Section}:{nameof(QdrantOptions.ApiKey)} to a key that may do this."),
            HttpStatusCode.NotFound => new PermanentException(
                ErrorCodes.UnknownCollection, $"There is no physical collection {request.Collection} on the Qdrant server: ingest into it first. ({text})"),
            HttpStatusCode.Conflict => new ConflictException(ErrorCodes.SettingsConflict, message),
            HttpStatusCode.RequestTimeout or HttpStatusCode.GatewayTimeout => new TransientException(ErrorCodes.Timeout, message),
            HttpStatusCode.TooManyRequests => new ThrottledException(ErrorCodes.ServerUnavailable, message) { RetryAfter = retryAfter },
            HttpStatusCode.InsufficientStorage => new PermanentException(
                ErrorCodes.StorageFull, $"{message} Make room on the Qdrant server or raise its quota, then resume the job."),
            HttpStatusCode.InternalServerError or HttpStatusCode.BadGateway or HttpStatusCode.ServiceUnavailable =>
                new TransientException(ErrorCodes.ServerUnavailable, message) { RetryAfter = retryAfter },
            _ => (int)status >= 500
                ? new TransientException(ErrorCodes.ServerUnavailable, message) { RetryAfter = retryAfter }
                : new PermanentException(ErrorCodes.Internal, message),
        };
    }

    /// <summary>The error of a missing or incomplete answer.</summary>
    public static QuiverException OfTransport(QdrantRequest request, Uri address, Exception exception) => exception switch
    {
        HttpRequestException { HttpRequestError: HttpRequestError.ConfigurationLimitExceeded } => new PermanentException(
            ErrorCodes.Internal, $"Qdrant's answer to {request.Operation} is too large: request fewer points.", exception),
        _ => new TransientException(
            ErrorCodes.ServerUnavailable,
            $"Qdrant at {address} did not answer {request.Operation}: {exception.Message.TrimEnd('.')}. "
            + $"Check that it runs, and {QdrantOptions.Section}:{nameof(QdrantOptions.Address)}.",
            exception),
    };

    /// <summary>The error of a timeout.</summary>
    public static QuiverException OfTimeout(QdrantRequest request, Uri address) =>
        new TransientException(ErrorCodes.Timeout, $"Qdrant at {address} did not answer {request.Operation} within {request.Timeout.TotalSeconds:0.###} s.");

    /// <summary>The error of an answer with an unexpected shape.</summary>
    public static QuiverException OfShape(QdrantRequest request, Exception? exception, string what) =>
        new TransientException(ErrorCodes.ServerUnavailable, $"Qdrant's answer to {request.Operation} cannot be used: {what} Check that {QdrantOptions.Section}:{nameof(QdrantOptions.Address)} is that of a Qdrant server.", exception);

    private static QuiverException OfBadRequest(QdrantRequest request, string message, string text)
    {
        // These errors have no code: only their text identifies them.
        if (text.Contains("dimension error", StringComparison.OrdinalIgnoreCase))
        {
            return new PermanentException(ErrorCodes.DimensionMismatch, $"{message} Use the model that the collection was built with.");
        }

        if (text.Contains("size limit of", StringComparison.OrdinalIgnoreCase) || text.Contains("points count limit of", StringComparison.OrdinalIgnoreCase))
        {
            return new PermanentException(
                ErrorCodes.StorageFull,
                $"{message} The collection has reached the limit of its strict mode: raise storage.strictMode.maxPoints or maxVectorBytes "
                + "(on the server when the collection is shared), or delete documents; then resume the job.");
        }

        if (text.Contains("larger than allowed", StringComparison.OrdinalIgnoreCase) || text.Contains("payload too large", StringComparison.OrdinalIgnoreCase))
        {
            return TooLarge(message);
        }

        if (text.Contains("upsert limit", StringComparison.OrdinalIgnoreCase))
        {
            // The server accepts fewer points at a time; it never rejects a single point for this.
            return new InvalidDocumentException(ErrorCodes.DocumentTooLarge, message);
        }

        if (text.Contains("Index required", StringComparison.OrdinalIgnoreCase))
        {
            return new InvalidRequestException(
                ErrorCodes.NotSupported,
                $"{message} The server's strict mode allows filters only on fields with a payload index: create one for the field, or remove the filter.");
        }

        if (text.Contains("No appropriate index for faceting", StringComparison.OrdinalIgnoreCase))
        {
            return new InvalidRequestException(
                ErrorCodes.NotSupported,
                $"{message} Create a payload index of type keyword for the field on the server (PUT {QdrantLayout.Path(request.Collection ?? "")}/index), "
                + "or count by document_id or generation.");
        }

        return text.Contains("already exists", StringComparison.OrdinalIgnoreCase)
            ? new ConflictException(ErrorCodes.SettingsConflict, message)
            : new PermanentException(ErrorCodes.Internal, message);
    }

    private static InvalidDocumentException TooLarge(string message) =>
        new(
            ErrorCodes.DocumentTooLarge,
            $"{message} Lower {QdrantOptions.Section}:{nameof(QdrantOptions.MaxRequestBytes)}, or raise the server's service.max_request_size_mb.");

    private static string ReadError(string body)
    {
        try
        {
            using var document = JsonDocument.Parse(body);
            if (document.RootElement is { ValueKind: JsonValueKind.Object } root
                && root.TryGetProperty("status", out var status)
                && status.ValueKind == JsonValueKind.Object
                && status.TryGetProperty("error", out var error)
                && error.GetString() is { } text)
            {
                return Cut(text);
            }
        }
        catch (JsonException)
        {
            // Plain text, as from the check of credentials or from a proxy.
        }

        return Cut(body);
    }

    private static string Cut(string text)
    {
        var line = text.ReplaceLineEndings(" ").Trim();
        if (line.Length == 0)
        {
            return "(nothing).";
        }

        line = line.Length > MaxTextLength ? line[..MaxTextLength] + "…" : line;
        return line[^1] is '.' or '!' or '?' or '…' ? line : line + ".";
    }
}
