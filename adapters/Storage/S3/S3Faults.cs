using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Amazon.Runtime;
using Amazon.Runtime.Internal;

namespace Quiver.Adapters.Storage.S3;

/// <summary>Classifies failures of S3.</summary>
internal static class S3Faults
{
    /// <summary>Classifies an exception of a request; null when it has nothing to do with S3.</summary>
    /// <param name="error">The exception; a cancellation counts as the idle timeout.</param>
    /// <param name="what">The address in the request.</param>
    /// <param name="options">For the server's name and the settings in messages.</param>
    public static S3Fault? Classify(Exception error, string what, S3Options options)
    {
        Verdict? verdict = error switch
        {
            AmazonServiceException { StatusCode: not 0 } answered => Answered(answered, what, options),
            OperationCanceledException or TimeoutException => new(
                S3FaultKind.Transient, ErrorCodes.Timeout, $"{Server(options)} sent nothing for {Seconds(options.IdleTimeout)} on the request for '{what}'."),
            AmazonServiceException or HttpRequestException or IOException or SocketException => new(
                S3FaultKind.Transient,
                ErrorCodes.ServerUnavailable,
                $"{Server(options)} cannot be reached, or closed the connection, on the request for '{what}': {Innermost(error).TrimEnd('.')}. {Remedy(options)}"),
            AmazonClientException => new(
                S3FaultKind.Credentials,
                ErrorCodes.InvalidCredentials,
                "No credentials for S3 were found: set Quiver:S3:AccessKey and SecretKey, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, "
                + "or Quiver:S3:Anonymous for a public bucket."),
            _ => null,
        };
        return verdict is { } found ? new S3Fault(found.Kind, found.Code, found.Message, error) { RetryAfter = RetryAfter(error) } : null;
    }

    private static Verdict Answered(AmazonServiceException error, string what, S3Options options) => error.ErrorCode switch
    {
        "InvalidAccessKeyId" or "SignatureDoesNotMatch" or "InvalidToken" or "TokenRefreshRequired" or "ExpiredToken" => new(
            S3FaultKind.Credentials,
            ErrorCodes.InvalidCredentials,
            $"{Server(options)} does not accept the credentials ({error.ErrorCode}): check Quiver:S3:AccessKey and SecretKey, "
            + "or the credentials that the SDK's chain finds, and the clock of this machine."),
        "RequestTimeTooSkewed" => new(
            S3FaultKind.Credentials, ErrorCodes.InvalidCredentials, $"{Server(options)} refuses requests because this machine's clock is wrong: set it."),
        "NoSuchBucket" => new(
            S3FaultKind.Refused,
            ErrorCodes.BucketNotFound,
            $"The bucket of '{what}' does not exist at {Server(options)}: check its name, Quiver:S3:Endpoint and Region."),
        "PermanentRedirect" or "AuthorizationHeaderMalformed" or "IllegalLocationConstraintException" => new(
            S3FaultKind.Refused,
            ErrorCodes.InvalidOption,
            $"The bucket of '{what}' is in another region or at another address: set Quiver:S3:Region (now {options.Region})."),
        "InvalidObjectState" => new(S3FaultKind.Denied, ErrorCodes.AccessDenied, $"The object '{what}' is archived: restore it before it is read."),
        "SlowDown" or "Throttling" or "ThrottlingException" or "RequestLimitExceeded" or "TooManyRequests" => Throttled(error, what, options),
        "RequestTimeout" or "InternalError" or "ServiceUnavailable" => Unavailable(error, what, options),
        _ => ByStatus(error, what, options),
    };

    private static Verdict ByStatus(AmazonServiceException error, string what, S3Options options) => (int)error.StatusCode switch
    {
        (int)HttpStatusCode.TooManyRequests => Throttled(error, what, options),
        (int)HttpStatusCode.Unauthorized or (int)HttpStatusCode.Forbidden => new(
            S3FaultKind.Denied,
            ErrorCodes.AccessDenied,
            $"{Server(options)} denies these credentials access to '{what}': allow s3:GetObject and s3:ListBucket, for artifacts also s3:PutObject."),
        (int)HttpStatusCode.NotFound => new(S3FaultKind.Gone, ErrorCodes.PathNotFound, $"The object '{what}' does not exist."),
        (int)HttpStatusCode.PreconditionFailed or (int)HttpStatusCode.RequestedRangeNotSatisfiable => new(
            S3FaultKind.Changed, ErrorCodes.SourceChanged, $"The object '{what}' was replaced while it was read."),
        (int)HttpStatusCode.RequestTimeout or >= 500 => Unavailable(error, what, options),

        // A truncated answer cannot be parsed, and has the status of a success.
        < 300 => new(
            S3FaultKind.Transient, ErrorCodes.ServerUnavailable, $"{Server(options)} closed the connection during its answer for '{what}': {Innermost(error)}"),
        var status => new(
            S3FaultKind.Refused, ErrorCodes.InvalidOption, $"{Server(options)} refuses the request for '{what}' with {status} {error.ErrorCode}: {error.Message}"),
    };

    private static Verdict Throttled(AmazonServiceException error, string what, S3Options options) => new(
        S3FaultKind.Throttled, ErrorCodes.ServerUnavailable, $"{Server(options)} asks for fewer requests: '{what}' was throttled ({error.ErrorCode}).");

    private static Verdict Unavailable(AmazonServiceException error, string what, S3Options options) => new(
        S3FaultKind.Transient, ErrorCodes.ServerUnavailable, $"{Server(options)} failed with {(int)error.StatusCode} on the request for '{what}'.");

    private static TimeSpan? RetryAfter(Exception error) =>
        error is AmazonServiceException { InnerException: HttpErrorResponseException { Response: { } response } }
        && int.TryParse(response.GetHeaderValue("Retry-After"), NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)
            ? TimeSpan.FromSeconds(seconds)
            : null;

    private static string Server(S3Options options) => options.Endpoint is { } endpoint ? $"S3 at {endpoint.Host}:{endpoint.Port}" : $"S3 in {options.Region}";

    private static string Remedy(S3Options options) => options.Endpoint is null
        ? $"{S3Options.Section}:Endpoint is not set, so AWS was used: set it if your S3 server is another one."
        : $"Check that it runs, and {S3Options.Section}:Endpoint.";

    private static string Seconds(TimeSpan time) => string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds:0.#} s");

    private static string Innermost(Exception error) => (error.InnerException is null ? error : error.GetBaseException()).Message;

    private readonly record struct Verdict(S3FaultKind Kind, string Code, string Message);
}

/// <summary>A request to S3 failed; callers outside the adapters get <see cref="S3Fault.ToException"/>.</summary>
internal sealed class S3Exception(S3Fault fault) : IOException(fault.Message, fault.Cause)
{
    public S3Fault Fault { get; } = fault;
}

/// <summary>A classified failure of a request to S3.</summary>
/// <param name="Kind">Its kind.</param>
/// <param name="Code">A code of <see cref="ErrorCodes"/>.</param>
/// <param name="Message">One sentence that says what to do; contains no secret.</param>
/// <param name="Cause">The SDK's exception.</param>
internal sealed record S3Fault(S3FaultKind Kind, string Code, string Message, Exception Cause)
{
    /// <summary>The wait that the server asked for; null for none.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>The error for a running job.</summary>
    public QuiverException ToException() => Kind switch
    {
        S3FaultKind.Transient => new TransientException(Code, Message, Cause) { RetryAfter = RetryAfter },
        S3FaultKind.Throttled => new ThrottledException(Code, Message, Cause) { RetryAfter = RetryAfter },
        S3FaultKind.Gone or S3FaultKind.Changed or S3FaultKind.Denied or S3FaultKind.Refused or S3FaultKind.Credentials => new PermanentException(Code, Message, Cause),
        _ => throw new InvalidOperationException($"The kind {Kind} of faults is unknown."),
    };

    /// <summary>The error for the submission of a job: the caller is responsible for the names in it, the operator for the credentials.</summary>
    public QuiverException ToRefusal() => Kind is S3FaultKind.Gone or S3FaultKind.Denied or S3FaultKind.Refused
        ? new InvalidRequestException(Code, Message, Cause)
        : ToException();
}

/// <summary>What a failed request to S3 means for the caller.</summary>
internal enum S3FaultKind
{
    /// <summary>A temporary failure: try again.</summary>
    Transient = 1,

    /// <summary>The server is overloaded: wait, then try again.</summary>
    Throttled = 2,

    /// <summary>The object does not exist, or no longer.</summary>
    Gone = 3,

    /// <summary>The object has another version than the requested one.</summary>
    Changed = 4,

    /// <summary>Access to this object is denied; others may be readable.</summary>
    Denied = 5,

    /// <summary>The request is invalid: a wrong bucket, region or address.</summary>
    Refused = 6,

    /// <summary>The credentials are missing or invalid.</summary>
    Credentials = 7,
}
