namespace Quiver.GrainInterfaces.Errors;

/// <summary>How to react to an error.</summary>
[GenerateSerializer, Alias("quiver.fault-kind.v1")]
public enum FaultKind
{
    /// <summary>Retry with exponential backoff and full jitter.</summary>
    Transient = 1,

    /// <summary>Wait for <see cref="QuiverException.RetryAfter"/>, then retry; the attempt does not count.</summary>
    Throttled = 2,

    /// <summary>A retry cannot help: stop the job.</summary>
    Permanent = 3,

    /// <summary>The input is invalid: only this document or request fails.</summary>
    InvalidInput = 4,
}

/// <summary>The base class of Quiver's errors. The code is stable; programs should test it, not the message.</summary>
[GenerateSerializer, Alias("quiver.error.v1")]
public abstract class QuiverException : Exception
{
    /// <summary>Creates an error.</summary>
    /// <param name="code">Stable snake_case code.</param>
    /// <param name="message">One sentence that says what to do.</param>
    /// <param name="kind">How to react.</param>
    /// <param name="inner">The cause.</param>
    protected QuiverException(string code, string message, FaultKind kind, Exception? inner = null)
        : base(message, inner)
    {
        Code = code;
        Kind = kind;
    }

    /// <summary>Stable snake_case code.</summary>
    [Id(0)] public string Code { get; }

    /// <summary>How to react.</summary>
    [Id(1)] public FaultKind Kind { get; }

    /// <summary>How long to wait before the next attempt, if the remote side said so.</summary>
    [Id(2)] public TimeSpan? RetryAfter { get; init; }

    /// <summary>The error itself, or the one that the runtime wrapped: Orleans wraps what a store of grain state throws.</summary>
    /// <param name="exception">The exception that was caught.</param>
    public static QuiverException? Find(Exception? exception)
    {
        while (exception is not (null or QuiverException))
        {
            exception = exception.InnerException;
        }

        return (QuiverException?)exception;
    }
}

/// <summary>The request is invalid. HTTP 400, for a reused idempotency token 422; exit code 2.</summary>
[GenerateSerializer, Alias("quiver.error.invalid-request.v1")]
public sealed class InvalidRequestException(string code, string message, Exception? inner = null)
    : QuiverException(code, message, FaultKind.InvalidInput, inner);

/// <summary>One document cannot be stored; the others can.</summary>
[GenerateSerializer, Alias("quiver.error.invalid-document.v1")]
public sealed class InvalidDocumentException(string code, string message, Exception? inner = null)
    : QuiverException(code, message, FaultKind.InvalidInput, inner);

/// <summary>The request names something that does not exist. HTTP 404, exit code 3.</summary>
[GenerateSerializer, Alias("quiver.error.not-found.v1")]
public sealed class NotFoundException(string code, string message, Exception? inner = null)
    : QuiverException(code, message, FaultKind.Permanent, inner);

/// <summary>The request conflicts with the current state. HTTP 409, exit code 4.</summary>
[GenerateSerializer, Alias("quiver.error.conflict.v1")]
public sealed class ConflictException(string code, string message, Exception? inner = null)
    : QuiverException(code, message, FaultKind.Permanent, inner);

/// <summary>The remote side asks for fewer requests. HTTP 429, exit code 6.</summary>
[GenerateSerializer, Alias("quiver.error.throttled.v1")]
public sealed class ThrottledException(string code, string message, Exception? inner = null)
    : QuiverException(code, message, FaultKind.Throttled, inner);

/// <summary>A temporary failure; the same request may succeed later. HTTP 503, exit code 6.</summary>
[GenerateSerializer, Alias("quiver.error.transient.v1")]
public sealed class TransientException(string code, string message, Exception? inner = null)
    : QuiverException(code, message, FaultKind.Transient, inner);

/// <summary>A retry cannot help until somebody changes something. HTTP 500, exit code 1.</summary>
[GenerateSerializer, Alias("quiver.error.permanent.v1")]
public sealed class PermanentException(string code, string message, Exception? inner = null)
    : QuiverException(code, message, FaultKind.Permanent, inner);
