using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Amazon.Runtime;
using Amazon.Runtime.Internal;

namespace Quiver.Adapters.Storage.S3;

/// <summary>The one place where failures of S3 are understood.</summary>
internal static class S3Faults
{
    /// <summary>What an exception of a request means; null when it has nothing to do with S3.</summary>
    /// <param name="error">What the request ended with; a cancellation is taken for the idle timeout.</param>
    /// <param name="what">The address that the request was about.</param>
    /// <param name="options">For what the sentences name.</param>
    public static S3Fault? Classify(Exception error, string what, S3Options options) => error switch
    {
        AmazonServiceException { StatusCode: not 0 } answered => Answered(answered, what, options),
        OperationCanceledException or TimeoutException => new(
            S3FaultKind.Transient, ErrorCodes.Timeout, $"{Server(options)} was silent for {Seconds(options.IdleTimeout)} when it was asked for '{what}'.", error),
        AmazonServiceException or HttpRequestException or IOException or SocketException => new(
            S3FaultKind.Transient, ErrorCodes.ServerUnavailable, $"{Server(options)} cannot be reached, or broke off, when it was asked for '{what}': {Innermost(error).TrimEnd('.')}. {Remedy(options)}", error),
        AmazonClientException => new(
            S3FaultKind.Credentials,
            ErrorCodes.InvalidCredentials,
            "No credentials for S3 were found: set Quiver:S3:AccessKey and SecretKey, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or Quiver:S3:Anonymous for a public bucket.",
            error),
        _ => null,
    };

    private static S3Fault Answered(AmazonServiceException error, string what, S3Options options) => error.ErrorCode switch
    {
        "InvalidAccessKeyId" or "SignatureDoesNotMatch" or "InvalidToken" or "TokenRefreshRequired" or "ExpiredToken" => new(
            S3FaultKind.Credentials,
            ErrorCodes.InvalidCredentials,
            $"{Server(options)} does not accept the credentials ({error.ErrorCode}): mend Quiver:S3:AccessKey and SecretKey, or what the SDK's chain finds, and the clock of this machine.",
            error),
        "RequestTimeTooSkewed" => new(
            S3FaultKind.Credentials, ErrorCodes.InvalidCredentials, $"{Server(options)} refuses requests because this machine's clock is wrong: set it.", error),
        "NoSuchBucket" => new(
            S3FaultKind.Refused, ErrorCodes.BucketNotFound, $"The bucket of '{what}' does not exist at {Server(options)}: check its name, Quiver:S3:Endpoint and Region.", error),
        "PermanentRedirect" or "AuthorizationHeaderMalformed" or "IllegalLocationConstraintException" => new(
            S3FaultKind.Refused, ErrorCodes.InvalidOption, $"The bucket of '{what}' is in another region or at another address: set Quiver:S3:Region (now {options.Region}).", error),
        "InvalidObjectState" => new(
            S3FaultKind.Denied, ErrorCodes.AccessDenied, $"The object '{what}' is archived: restore it before it is read.", error),
        "SlowDown" or "Throttling" or "ThrottlingException" or "RequestLimitExceeded" or "TooManyRequests" => Throttled(error, what, options),
        "RequestTimeout" or "InternalError" or "ServiceUnavailable" => Unavailable(error, what, options),
        _ => ByStatus(error, what, options),
    };

    private static S3Fault ByStatus(AmazonServiceException error, string what, S3Options options) => (int)error.StatusCode switch
    {
        (int)HttpStatusCode.TooManyRequests => Throttled(error, what, options),
        (int)HttpStatusCode.Unauthorized or (int)HttpStatusCode.Forbidden => new(
            S3FaultKind.Denied, ErrorCodes.AccessDenied, $"{Server(options)} does not let these credentials use '{what}': allow s3:GetObject and s3:ListBucket, for artifacts also s3:PutObject.", error),
        (int)HttpStatusCode.NotFound => new(S3FaultKind.Gone, ErrorCodes.PathNotFound, $"The object '{what}' does not exist.", error),
        (int)HttpStatusCode.PreconditionFailed or (int)HttpStatusCode.RequestedRangeNotSatisfiable => new(
            S3FaultKind.Changed, ErrorCodes.SourceChanged, $"The object '{what}' was replaced while it was read.", error),
        (int)HttpStatusCode.RequestTimeout or >= 500 => Unavailable(error, what, options),
        // A cut answer is no readable error either, and comes with the status of a success.
        < 300 => new(S3FaultKind.Transient, ErrorCodes.ServerUnavailable, $"{Server(options)} broke off its answer about '{what}': {Innermost(error)}", error),
        var status => new(
            S3FaultKind.Refused, ErrorCodes.InvalidOption, $"{Server(options)} refuses the request for '{what}' with {status} {error.ErrorCode}: {error.Message}", error),
    };

    private static S3Fault Throttled(AmazonServiceException error, string what, S3Options options) =>
        new(S3FaultKind.Throttled, ErrorCodes.ServerUnavailable, $"{Server(options)} asks for fewer requests, as for '{what}' ({error.ErrorCode}).", error) { RetryAfter = RetryAfter(error) };

    private static S3Fault Unavailable(AmazonServiceException error, string what, S3Options options) =>
        new(S3FaultKind.Transient, ErrorCodes.ServerUnavailable, $"{Server(options)} failed with {(int)error.StatusCode} when it was asked for '{what}'.", error) { RetryAfter = RetryAfter(error) };

    private static TimeSpan? RetryAfter(AmazonServiceException error) =>
        error.InnerException is HttpErrorResponseException { Response: { } response }
        && int.TryParse(response.GetHeaderValue("Retry-After"), NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)
            ? TimeSpan.FromSeconds(seconds)
            : null;

    private static string Server(S3Options options) => options.Endpoint is { } endpoint ? $"S3 at {endpoint.Host}:{endpoint.Port}" : $"S3 in {options.Region}";

    private static string Remedy(S3Options options) => options.Endpoint is null
        ? $"{S3Options.Section}:Endpoint is not set, so that AWS was asked: set it when S3 is somewhere else."
        : $"Check that it runs, and {S3Options.Section}:Endpoint.";

    private static string Seconds(TimeSpan time) => string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds:0.#} s");

    private static string Innermost(Exception error) => (error.InnerException is null ? error : error.GetBaseException()).Message;
}
