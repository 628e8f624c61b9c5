using System.Globalization;
using Grpc.Core;

namespace Quiver.Adapters.Vectors.Qdrant;

/// <summary>Classifies the errors of the server.</summary>
internal static class QdrantFaults
{
    private const int MaxTextLength = 500;
    private const string QuotaMarker = "qdrant-insufficient-storage";
    private const string ExactForbidden = "Exact search disabled";
    private const string AddressSetting = $"{QdrantOptions.Section}:{nameof(QdrantOptions.Address)}";

    /// <summary>The error of a call without a result.</summary>
    /// <param name="request">The request.</param>
    /// <param name="address">The server's address.</param>
    /// <param name="exception">The status, with its trailers.</param>
    public static QuiverException Of(QdrantRequest request, Uri address, RpcException exception)
    {
        if (exception.StatusCode != StatusCode.DeadlineExceeded && exception.Status.DebugException is { } cause)
        {
            return OfTransport(request, address, cause);
        }

        var text = Cut(exception.Status.Detail);
        var message = $"Qdrant answered {request.Operation} with {exception.StatusCode}: {text}";
        return exception.StatusCode switch
        {
            StatusCode.InvalidArgument or StatusCode.OutOfRange => OfBadRequest(request, message, text),
            StatusCode.Unauthenticated or StatusCode.PermissionDenied => new PermanentException(
                ErrorCodes.AccessDenied, $"{message} Set {QdrantOptions.Section}:{nameof(QdrantOptions.ApiKey)} to a key that may do this.", exception),
            StatusCode.NotFound => OfNotFound(request, message, text, exception),
            StatusCode.AlreadyExists => new ConflictException(ErrorCodes.SettingsConflict, message),
            StatusCode.ResourceExhausted => OfExhausted(request, message, text, exception),
            StatusCode.Unimplemented => OfUnimplemented(address, message, text, exception),
            StatusCode.DeadlineExceeded => new TransientException(
                ErrorCodes.Timeout,
                string.Create(CultureInfo.InvariantCulture, $"Qdrant at {address} did not answer {request.Operation} within {request.Timeout.TotalSeconds:0.###} s."),
                exception),
            StatusCode.Cancelled => new TransientException(
                text.Contains("Timeout expired", StringComparison.OrdinalIgnoreCase) ? ErrorCodes.Timeout : ErrorCodes.ServerUnavailable, message, exception),
            StatusCode.Internal or StatusCode.Unknown => OfServerError(message, text, exception),
            StatusCode.Unavailable or StatusCode.Aborted or StatusCode.DataLoss => new TransientException(ErrorCodes.ServerUnavailable, message, exception)
            {
                RetryAfter = ReadRetryAfter(exception),
            },
            StatusCode.FailedPrecondition => new PermanentException(ErrorCodes.AccessDenied, $"{message} Unlock the server, then resume.", exception),
            StatusCode.OK => new PermanentException(ErrorCodes.Internal, message, exception),
            _ => new PermanentException(ErrorCodes.Internal, message, exception),
        };
    }

    /// <summary>The error of a missing or incomplete answer.</summary>
    public static QuiverException OfTransport(QdrantRequest request, Uri address, Exception exception)
    {
        var text = exception.Message.TrimEnd('.');
        var advice = exception is HttpRequestException { HttpRequestError: HttpRequestError.VersionNegotiationError or HttpRequestError.HttpProtocolError }
            || text.Contains("HTTP/2 connection", StringComparison.Ordinal)
                ? $"What listens there does not speak gRPC. Set {AddressSetting} to Qdrant's gRPC port, by default 6334; 6333 is its REST port."
                : $"Check that it runs, and {AddressSetting}.";
        return new TransientException(ErrorCodes.ServerUnavailable, $"Qdrant at {address} did not answer {request.Operation}: {text}. {advice}", exception);
    }

    /// <summary>The error of an answer with an unexpected shape.</summary>
    public static QuiverException OfShape(QdrantRequest request, string what) => new TransientException(
        ErrorCodes.ServerUnavailable, $"Qdrant's answer to {request.Operation} cannot be used: {what} Check that {AddressSetting} is that of a Qdrant server.");

    /// <summary>Whether a count was refused because it must not be exact.</summary>
    public static bool ForbidsExact(InvalidRequestException exception) => Has(exception.Message, ExactForbidden);

    /// <summary>A text of the server on one line, bounded, and with a full stop.</summary>
    public static string Cut(string text)
    {
        var line = text.ReplaceLineEndings(" ").Trim();
        if (line.Length == 0)
        {
            return "(nothing).";
        }

        line = line.Length > MaxTextLength ? line[..MaxTextLength] + "…" : line;
        return line[^1] is '.' or '!' or '?' or '…' ? line : line + ".";
    }

    private static QuiverException OfBadRequest(QdrantRequest request, string message, string text)
    {
        // These errors have no code: only their text identifies them.
        if (Has(text, "dimension error"))
        {
            return new PermanentException(ErrorCodes.DimensionMismatch, $"{message} Use the model that the collection was built with.");
        }

        if (Has(text, "size limit of") || Has(text, "points count limit of"))
        {
            return new PermanentException(
                ErrorCodes.StorageFull,
                $"{message} The collection has reached the limit of its strict mode: raise storage.strictMode.maxPoints or maxVectorBytes "
                + "(on the server when the collection is shared), or delete documents; then resume the job.");
        }

        if (Has(text, "upsert limit"))
        {
            // The server accepts fewer points at a time; it never rejects a single point for this.
            return new InvalidDocumentException(ErrorCodes.DocumentTooLarge, message);
        }

        if (Has(text, ExactForbidden))
        {
            return new InvalidRequestException(ErrorCodes.NotSupported, message);
        }

        if (Has(text, "Index required"))
        {
            return new InvalidRequestException(
                ErrorCodes.NotSupported,
                $"{message} The server's strict mode allows filters only on fields with a payload index: create one for the field, or remove the filter.");
        }

        if (Has(text, "No appropriate index for faceting"))
        {
            return new InvalidRequestException(
                ErrorCodes.NotSupported,
                $"{message} Create a payload index of type keyword for the field on the server (PUT {QdrantLayout.RestPath(request.Collection ?? "")}/index), "
                + "or count by document_id or generation.");
        }

        return Has(text, "already exists")
            ? new ConflictException(ErrorCodes.SettingsConflict, message)
            : new PermanentException(ErrorCodes.Internal, message);
    }

    /// <summary>A missing collection has no points; a missing shard or point says nothing about the others.</summary>
    private static QuiverException OfNotFound(QdrantRequest request, string message, string text, RpcException exception) =>
        text.Contains($"Collection `{request.Collection}` doesn't exist", StringComparison.Ordinal)
            ? new PermanentException(
                ErrorCodes.UnknownCollection, $"There is no physical collection {request.Collection} on the Qdrant server: ingest into it first. ({text})", exception)
            : new TransientException(ErrorCodes.ServerUnavailable, $"{message} Check the shards of the Qdrant server.", exception);

    /// <summary>Rate limits, quotas of memory and disk, and limits on the size of messages share a status.</summary>
    private static QuiverException OfExhausted(QdrantRequest request, string message, string text, RpcException exception)
    {
        if (exception.Trailers.GetValue(QuotaMarker) is not null || Has(text, "insufficient storage"))
        {
            return new PermanentException(ErrorCodes.StorageFull, $"{message} Make room on the Qdrant server or raise its quota, then resume the job.", exception);
        }

        if (Has(text, "message size") || Has(text, "message larger") || Has(text, "larger than max"))
        {
            return request.Points > 0
                ? TooLarge(message)
                : new PermanentException(ErrorCodes.Internal, $"{message} Request fewer points.", exception);
        }

        if (ReadRetryAfter(exception) is null && Has(text, "split your request"))
        {
            // The server counts points, not requests: more of them than its limit for a minute never pass together.
            return request.Points > 1
                ? new InvalidDocumentException(ErrorCodes.DocumentTooLarge, message)
                : new PermanentException(
                    ErrorCodes.SettingsConflict,
                    $"{message} The rate limit of the collection's strict mode is below what one request costs: raise storage.strictMode.readsPerMinute and writesPerMinute.",
                    exception);
        }

        return new ThrottledException(ErrorCodes.ServerUnavailable, message) { RetryAfter = ReadRetryAfter(exception) };
    }

    private static QuiverException OfServerError(string message, string text, RpcException exception)
    {
        if (Has(text, "No space left on device"))
        {
            return new PermanentException(ErrorCodes.StorageFull, $"{message} Make room on the disk of the Qdrant server, then resume the job.", exception);
        }

        // From a proxy in between, whose answers have no status of gRPC.
        return Has(text, "HTTP status code: 413") ? TooLarge(message) : new TransientException(ErrorCodes.ServerUnavailable, message, exception);
    }

    private static QuiverException OfUnimplemented(Uri address, string message, string text, RpcException exception) =>
        Has(text, "HTTP status code")
            ? new TransientException(ErrorCodes.ServerUnavailable, $"{message} Check {AddressSetting} and the proxies on the way.", exception)
            : new PermanentException(
                ErrorCodes.NotSupported,
                $"{message} Check that {address} is the gRPC port of a Qdrant server, by default 6334 ({AddressSetting}), of {QdrantVersion.Oldest} or newer.",
                exception);

    private static InvalidDocumentException TooLarge(string message) => new(
        ErrorCodes.DocumentTooLarge,
        $"{message} Lower {QdrantOptions.Section}:{nameof(QdrantOptions.MaxRequestBytes)}, or raise the request limit of the proxy before Qdrant.");

    private static TimeSpan? ReadRetryAfter(RpcException exception) =>
        exception.Trailers.GetValue("retry-after") is { } text && int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)
            ? TimeSpan.FromSeconds(seconds)
            : null;

    private static bool Has(string text, string part) => text.Contains(part, StringComparison.OrdinalIgnoreCase);
}
