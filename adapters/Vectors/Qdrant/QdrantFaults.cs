using System.Net;
using System.Text.Json;

namespace Quiver.Adapters.Vectors.Qdrant;

/// <summary>The one place where what goes wrong with the server becomes Quiver's errors.</summary>
internal static class QdrantFaults
{
    private const int MaxTextLength = 500;

    /// <summary>An answer that is no success.</summary>
    /// <param name="request">What was asked.</param>
    /// <param name="status">The HTTP status.</param>
    /// <param name="body">The body: JSON, or plain text from whoever checks credentials.</param>
    /// <param name="retryAfter">How long to wait, where the server said so.</param>
    public static QuiverException OfStatus(QdrantRequest request, HttpStatusCode status, string body, TimeSpan? retryAfter)
    {
        var text = ReadError(body);
        var said = $"Qdrant answered {request.Operation} with {(int)status}: {text}";
        return status switch
        {
            HttpStatusCode.BadRequest or HttpStatusCode.UnprocessableEntity => OfBadRequest(request, said, text),
            HttpStatusCode.RequestEntityTooLarge => TooLarge(said),
            HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden => new PermanentException(
                ErrorCodes.AccessDenied, $"{said} Set {QdrantOptions.Section}:{nameof(QdrantOptions.ApiKey)} to a key that may do this."),
            HttpStatusCode.NotFound => new PermanentException(
                ErrorCodes.UnknownCollection, $"There is no physical collection {request.Collection} on the Qdrant server: ingest into it first. ({text})"),
            HttpStatusCode.Conflict => new ConflictException(ErrorCodes.SettingsConflict, said),
            HttpStatusCode.RequestTimeout or HttpStatusCode.GatewayTimeout => new TransientException(ErrorCodes.Timeout, said),
            HttpStatusCode.TooManyRequests => new ThrottledException(ErrorCodes.ServerUnavailable, said) { RetryAfter = retryAfter },
            HttpStatusCode.InsufficientStorage => new PermanentException(
                ErrorCodes.StorageFull, $"{said} Make room on the Qdrant server or raise its quota, then resume the job."),
            HttpStatusCode.InternalServerError or HttpStatusCode.BadGateway or HttpStatusCode.ServiceUnavailable =>
                new TransientException(ErrorCodes.ServerUnavailable, said) { RetryAfter = retryAfter },
            _ => (int)status >= 500
                ? new TransientException(ErrorCodes.ServerUnavailable, said) { RetryAfter = retryAfter }
                : new PermanentException(ErrorCodes.Internal, said),
        };
    }

    /// <summary>No answer, or half of one.</summary>
    public static QuiverException OfTransport(QdrantRequest request, Uri address, Exception error) => error switch
    {
        HttpRequestException { HttpRequestError: HttpRequestError.ConfigurationLimitExceeded } => new PermanentException(
            ErrorCodes.Internal, $"Qdrant's answer to {request.Operation} is larger than Quiver takes: ask for fewer points.", error),
        _ => new TransientException(
            ErrorCodes.ServerUnavailable, $"Qdrant at {address} did not answer {request.Operation}: {error.Message.TrimEnd('.')}. Check that it runs, and {QdrantOptions.Section}:{nameof(QdrantOptions.Address)}.", error),
    };

    /// <summary>No answer in time.</summary>
    public static QuiverException OfTimeout(QdrantRequest request, Uri address) =>
        new TransientException(ErrorCodes.Timeout, $"Qdrant at {address} did not answer {request.Operation} within {request.Timeout.TotalSeconds:0.###} s.");

    /// <summary>An answer with another shape than agreed.</summary>
    public static QuiverException OfShape(QdrantRequest request, Exception? error, string what) =>
        new TransientException(ErrorCodes.ServerUnavailable, $"Qdrant's answer to {request.Operation} cannot be used: {what}", error);

    private static QuiverException OfBadRequest(QdrantRequest request, string said, string text)
    {
        // The server gives these faults no code of their own: the words are all there is.
        if (text.Contains("dimension error", StringComparison.OrdinalIgnoreCase))
        {
            return new PermanentException(ErrorCodes.DimensionMismatch, $"{said} Use the model that the collection was built with.");
        }

        if (text.Contains("size limit of", StringComparison.OrdinalIgnoreCase) || text.Contains("points count limit of", StringComparison.OrdinalIgnoreCase))
        {
            return new PermanentException(
                ErrorCodes.StorageFull, $"{said} The collection has as much as its strict mode allows: raise storage.strictMode.maxPoints or maxVectorBytes, or those of the server where the collection is shared; or delete documents; then resume the job.");
        }

        if (text.Contains("larger than allowed", StringComparison.OrdinalIgnoreCase) || text.Contains("payload too large", StringComparison.OrdinalIgnoreCase))
        {
            return TooLarge(said);
        }

        if (text.Contains("upsert limit", StringComparison.OrdinalIgnoreCase))
        {
            // Fewer points at a time are taken, and no point alone is ever refused for this.
            return new InvalidDocumentException(ErrorCodes.DocumentTooLarge, said);
        }

        if (text.Contains("Index required", StringComparison.OrdinalIgnoreCase))
        {
            return new InvalidRequestException(ErrorCodes.NotSupported, $"{said} The server's strict mode allows filters only on fields with a payload index: make one for the field, or leave the filter out.");
        }

        if (text.Contains("No appropriate index for faceting", StringComparison.OrdinalIgnoreCase))
        {
            return new InvalidRequestException(
                ErrorCodes.NotSupported,
                $"{said} Let whoever runs the server make a payload index of type keyword for the field (PUT {QdrantLayout.Path(request.Collection ?? "")}/index), or count by document_id or generation.");
        }

        return text.Contains("already exists", StringComparison.OrdinalIgnoreCase)
            ? new ConflictException(ErrorCodes.SettingsConflict, said)
            : new PermanentException(ErrorCodes.Internal, said);
    }

    private static InvalidDocumentException TooLarge(string said) =>
        new(ErrorCodes.DocumentTooLarge, $"{said} Lower {QdrantOptions.Section}:{nameof(QdrantOptions.MaxRequestBytes)}, or raise the server's service.max_request_size_mb.");

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
            // Plain text, as from the check of credentials or a proxy in between.
            return Cut(body);
        }

        return Cut(body);
    }

    private static string Cut(string text)
    {
        var line = text.ReplaceLineEndings(" ").Trim();
        return line.Length == 0 ? "(nothing)." : (line.Length > MaxTextLength ? line[..MaxTextLength] + "…" : line) is var cut && cut[^1] is '.' or '!' or '?' or '…' ? cut : cut + ".";
    }
}
